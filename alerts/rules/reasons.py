"""Why a rule that looked did not fire: the values of `Held.reason`."""

NOTHING = "nothing matched"
LATE = "only late or backfilled"
LEARNING = "still learning"
EXPECTED = "within the expected range"
BELOW = "below the limit"
FEW_NEWSROOMS = "too few newsrooms"
LARGEST_NEWSROOM = "rests on the largest newsroom"
SEEN = "seen within the window"  # first_in: it is not the first
NOT_CROSSED = "nothing has crossed"
NOT_HEARD = "too little was listened to"  # silence: no data is never quiet
SPOKEN = "not quieter than expected"
BOTH_DIRECTIONS = "both directions rise"
NO_FRICTION = "no friction before"  # a rule that comes after others
