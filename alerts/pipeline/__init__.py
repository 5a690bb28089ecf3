"""Which message goes to which channel, and when: one stage a file, in the line of `STAGES`.

Pure: episodes, routes and the log of what was told go in, one decision for each message comes out,
Passed with the moment at which it is due, or Held by a stage with a named reason.

An episode that opens is told once to each channel. While it stays open it is told again where it
gets worse and where its route has `repeat_every`; its end is told in the same thread. A channel
that can change a message that is there (`editing`) shows every noticeable change in that one.

One burst often fires several rules, some of them seconds after the others, and on different halves
of it. A channel hears of it once: a rule on the same burst is held when it is no more severe, or
when the channel was told within the last minute; a more severe one takes the place of a message
that has not left yet. For that, a route without `group_wait` of its own waits a few seconds.
"""

from alerts.pipeline import reasons
from alerts.pipeline.candidate import Candidate, Decision, Said, Told
from alerts.pipeline.deciding import STAGES, decide
from alerts.pipeline.overlapping import JUST_TOLD
from alerts.pipeline.reasons import COVERED, NOT_DUE, TOLD_ALREADY
from alerts.pipeline.route import DEFAULT_GROUP_WAIT, DEFAULT_TELL, Match, Route, Step
from alerts.pipeline.times import DigestTimes, MuteTime, QuietHours
from alerts.pipeline.verdict import Held, Passed, Verdict

__all__ = [
    "COVERED",
    "DEFAULT_GROUP_WAIT",
    "DEFAULT_TELL",
    "JUST_TOLD",
    "NOT_DUE",
    "STAGES",
    "TOLD_ALREADY",
    "Candidate",
    "Decision",
    "DigestTimes",
    "Held",
    "Match",
    "MuteTime",
    "Passed",
    "QuietHours",
    "Route",
    "Said",
    "Step",
    "Told",
    "Verdict",
    "decide",
    "reasons",
]
