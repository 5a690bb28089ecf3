"""An episode laid out for a person at a terminal (pure). Texts of others are not escaped here."""

from collections.abc import Iterable, Iterator, Sequence

from alerts import episode as reasons
from alerts import level
from alerts.episode import Episode
from alerts.render_finding import (
    ladder_in_words,
    limit_in_words,
    peak_in_words,
    remainder_in_words,
    seen_in_words,
    usual_in_words,
)
from alerts.render_headline import handled_in_words
from alerts.render_words import counted, moment_in_words, noun_of, odds_in_words
from worker.storage.decisions import PASSED, Told
from worker.storage.episode_changes import EpisodeChange

#: What the reasons of changes mean.
_REASONS = {
    reasons.OPENED: "its rule fired",
    reasons.GREW: "more than ever before",
    reasons.REOPENED: "its rule fired again, on the same stories",
    reasons.CALMER: "calm for long enough",
    reasons.QUIET: "its rule has been silent for long enough",
    level.MORE_SEVERE: "its rule finds it more severe",
    level.DOUBLED: "twice as much as people were told of",
    level.DEEPER: "a thousand times less likely than people were told",
    level.GRAVER: "graver events are reported",
    level.ANOTHER_BURST: "another burst, of other stories, has come",
    "rule_removed": "the profile has no such rule any more",
}


def why(episode: Episode) -> str:
    """Why it fired, in one sentence: what its rule saw last, what it expected and how rare that
    is."""
    finding = episode.last
    odds = odds_in_words(finding.probability, finding.window)
    said = f"{finding.said.rstrip('.')}; " if finding.said else ""
    seen = seen_in_words(finding, None)
    return f"{said}{seen}{f'; {odds}' if odds else ''}."


def account(
    episode: Episode, changes: Sequence[EpisodeChange], told: Sequence[Told], proof: Sequence[str]
) -> Iterator[str]:
    """All that is known of an episode, line by line; `proof` are the sentences on its evidence."""
    yield from _head(episode)
    yield ""
    yield "Numbers"
    yield from _indented(_numbers(episode))
    yield ""
    yield "History"
    yield from _indented(map(change_in_words, changes) if changes else ["None is kept."])
    yield ""
    yield "Told and held back"
    nobody = ["Nobody was told, and nothing was held back."]
    yield from _indented(map(told_in_words, told) if told else nobody)
    yield ""
    yield "Proof"
    yield from _indented(proof or ["None is kept of this episode."])


def change_in_words(change: EpisodeChange) -> str:
    """`2025-06-28 09:40 UTC+00:00  escalated, critical: … (14 stories by 7 newsrooms)`."""
    words = change.change.replace("_", "-") if change.by is None else _deed(change)
    numbers = change.numbers
    if change.by is None:
        words += f", {numbers.severity}: {_REASONS.get(change.reason, change.reason)}"
        noun = noun_of(numbers.unit, numbers.count, numbers.stories)
        seen = counted(numbers.count, noun)
        words += f" ({seen} by {counted(numbers.newsrooms, 'newsroom')})"
        if numbers.flapping:
            words += "; it goes up and down too often to tell of each change"
    elif change.reason:
        words += f": {change.reason}"
    return f"{moment_in_words(change.at)}  {words}"


def told_in_words(told: Told) -> str:
    """`2025-06-28 09:14 UTC+00:00  mail (desk@…): sent at …`, or why it was held back."""
    whom = f"{told.channel} ({told.recipient})" if told.recipient else told.channel or "nobody"
    again = f" ({_times(told.times)}, last at {moment_in_words(told.last_at)})"
    repeated = again if told.times > 1 and told.stage != PASSED else ""
    return f"{moment_in_words(told.at)}  {whom}: {_message(told)}: {_fate(told)}{repeated}"


def _head(episode: Episode) -> Iterator[str]:
    worst = episode.worst or episode.severity
    highest = f", {worst} at its highest" if worst != episode.severity else ""
    yield f"{episode.id}: {episode.severity}{highest}, {episode.state}"
    yield why(episode)
    since = f"Opened at {moment_in_words(episode.opened_at)}"
    if episode.last.at > episode.opened_at:
        since += f", its rule fired last at {moment_in_words(episode.last.at)}"
    if episode.resolved_at is not None:
        since += f", over since {moment_in_words(episode.resolved_at)}"
    yield f"{since}."
    handled = handled_in_words(episode.handling)
    yield f"{handled[0].upper()}{handled[1:]}." if handled else "Nobody has done anything about it."
    if episode.flapping_since is not None:
        flapping = moment_in_words(episode.flapping_since)
        yield f"It goes up and down since {flapping}: no more is told of that until it calms down."


def _numbers(episode: Episode) -> Iterator[str]:
    finding = episode.last
    articles, stories = counted(finding.articles, "article"), counted(finding.stories, "story")
    yield f"{articles}, {stories}, {counted(finding.newsrooms, 'newsroom')}"
    if not finding.below:
        yield f"{peak_in_words(episode)} at its peak"
    facts = (
        ("", limit_in_words(finding, None)),
        ("usual: ", usual_in_words(finding)),
        ("fires without its largest newsroom: ", remainder_in_words(finding, None)),
        ("events: ", ladder_in_words(finding)),
        ("sources in sight: ", None if finding.coverage is None else f"{finding.coverage:.0%}"),
    )
    yield from (f"{name}{said}" for name, said in facts if said)
    if finding.provisional:
        yield "the baseline is still young: its limits are wide"


def _deed(change: EpisodeChange) -> str:
    said = change.particulars
    words = change.change.replace("_", " ")
    if said.to:
        words += f" to {said.to}"
    if said.until:
        words += f" until {moment_in_words(said.until)}"
    return f"{words} by {change.by}"


def _message(told: Told) -> str:
    """What the message says of its episode: the second part of its key."""
    parts = told.key.split(":")
    return parts[1].replace("_", "-") if len(parts) > 2 else "message"


def _fate(told: Told) -> str:
    if told.stage != PASSED:
        return f"held back ({told.reason}): {told.detail}"
    match told.status:
        case "sent" if told.sent_at:
            return f"sent at {moment_in_words(told.sent_at)}"
        case "dead":
            return f"given up: {told.error}"
        case "due":
            failed = f"; it failed {_times(told.attempts)}: {told.error}" if told.error else ""
            due = moment_in_words(told.due_at) if told.due_at else "once"
            return f"waits, due at {due}{failed}"
        case _:
            return told.error or told.detail


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number:,} times"
