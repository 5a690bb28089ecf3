"""Every reason for which a message is held, and what may still become of it."""

UNROUTED = "unrouted"  # no route takes the episode
IN_DIGEST = "in_digest"  # its route gathers for a digest
NOT_WANTED = "not_wanted"  # its route does not tell of this change
SILENCED = "silenced"
MUTED = "muted"
CLOSED = "closed"
SNOOZED = "snoozed"
ACKNOWLEDGED = "acknowledged"
FLAPPING = "flapping"
ABOUT_TO_LEAVE = "about_to_leave"  # a message that waits will say so
NOT_DUE = "repeat_not_due"
JUST_UPDATED = "just_updated"
COVERED = "covered"  # told as another episode on the same burst
READING = "reading"  # whoever was told a moment ago is reading
TOLD_ALREADY = "told_already"
NOT_ESCALATED_YET = "not_escalated_yet"

#: Reasons that delivery finds, just before a message leaves: what it says has become untrue.
RESOLVED_MEANWHILE = "resolved_meanwhile"
REOPENED_MEANWHILE = "reopened_meanwhile"
MILDER_MEANWHILE = "milder_meanwhile"
WORSE_MEANWHILE = "worse_meanwhile"
NOTHING_TO_CHANGE = "nothing_to_change"  # the message that it would change never arrived

#: Held for one of these, the opening of an episode that is open is told later.
PASSING = frozenset({SILENCED, MUTED, SNOOZED, COVERED, RESOLVED_MEANWHILE})
