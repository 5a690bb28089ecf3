"""Why a rule that looked did not fire: the values of `Held.reason`."""

NOTHING = "nothing matched"
LATE = "only late or backfilled"
LEARNING = "still learning"
EXPECTED = "within the expected range"
BELOW = "below the limit"
FEW_NEWSROOMS = "too few newsrooms"
LARGEST_NEWSROOM = "rests on the largest newsroom"

REASONS = (NOTHING, LATE, LEARNING, EXPECTED, BELOW, FEW_NEWSROOMS, LARGEST_NEWSROOM)
