"""Every candidate through every stage: the one place where it is decided who is told."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime

from alerts.episode import Episode, Transition
from alerts.pipeline.candidate import Candidate, Decision, Told
from alerts.pipeline.candidates import candidates
from alerts.pipeline.dedup import dedup
from alerts.pipeline.escalating import escalation
from alerts.pipeline.grouped import group
from alerts.pipeline.handled import handled
from alerts.pipeline.ledger import Ledger
from alerts.pipeline.muted import mute
from alerts.pipeline.overlapping import overlap
from alerts.pipeline.quiet import quiet_hours
from alerts.pipeline.repeated import repeat
from alerts.pipeline.route import Route
from alerts.pipeline.routed import route
from alerts.pipeline.silenced import silence
from alerts.pipeline.steadied import flapping
from alerts.pipeline.verdict import Passed, Verdict
from alerts.silence import Silence

Stage = Callable[[Candidate, Ledger, datetime], Verdict]

# fmt: off
STAGES: tuple[Stage, ...] = (
    route, silence, mute, handled, flapping, group, repeat, overlap, quiet_hours, dedup, escalation,
)
# fmt: on


def decide(
    opened: Sequence[Episode],
    standing: Sequence[Episode],
    routes: Sequence[Route],
    told: Iterable[Told],
    now: datetime,
    categories: Mapping[str, Collection[str]] | None = None,
    *,
    moved: Mapping[str, Transition] | None = None,
    silences: Sequence[Silence] = (),
    earlier: Mapping[str, Collection[str]] | None = None,
    editing: Collection[str] = (),
) -> tuple[Decision, ...]:
    """Every message that this evaluation could send, with its verdict, the most severe first.

    `opened` are the episodes that were opened by this evaluation, `standing` the others that are
    open or have just been resolved, `told` the outbox rows of all of them in order. By an episode's
    identifier, `moved` says what this evaluation did to it, and `categories` what its counted
    events are about, for routes that match on it. `earlier` gives for a key the reasons for which
    that message was held before. `editing` are the channels whose messages can be changed.
    """
    ledger = Ledger(
        now=now,
        episodes={episode.id: episode for episode in (*standing, *opened)},
        told=list(told),
        moved=moved or {},
        categories=categories or {},
        silences=silences,
        earlier=earlier or {},
        editing=editing,
    )
    decisions = []
    for candidate in candidates(opened, standing, routes, ledger):
        decision = _through(candidate, ledger)
        decisions.append(decision)
        if isinstance(decision.verdict, Passed):
            _enter(ledger, decision.candidate, decision.verdict)
    return tuple(decisions)


def _through(candidate: Candidate, ledger: Ledger) -> Decision:
    """The candidate through every stage: each may move the moment at which it is due, or hold."""
    due = ledger.now
    for stage in STAGES:
        verdict = stage(candidate, ledger, due)
        if not isinstance(verdict, Passed):
            return Decision(candidate, verdict, stage.__name__)
        due = verdict.due_at
    replaced = [told.key for told in ledger.milder_waiting(candidate)]
    if candidate.change == "escalated":
        replaced += [told.key for told in ledger.waiting(candidate)]
    return Decision(candidate, Passed(due, tuple(replaced)))


def _enter(ledger: Ledger, candidate: Candidate, passed: Passed) -> None:
    """What was decided is told, as far as the next candidate is concerned."""
    ledger.told = [told for told in ledger.told if told.key not in passed.replaces]
    ledger.told.append(
        Told(
            candidate.key,
            candidate.episode.id,
            candidate.channel,
            candidate.number,
            passed.due_at,
            waits=True,
            change=candidate.change,
            severity=candidate.episode.severity,
            said=candidate.said,
            planned_at=passed.due_at,
        )
    )
