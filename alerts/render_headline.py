"""What a message says first: what has happened, and what is new since the message before (pure)."""

from datetime import datetime, timedelta

from alerts.episode import Episode
from alerts.finding import Finding
from alerts.handling import Handling
from alerts.notification import Before, Report
from alerts.render_finding import peak_in_words, seen_in_words
from alerts.render_quote import clean_line
from alerts.render_words import counted, duration_in_words, moment_in_words, noun_of

_LEADS = {
    "updated": "Update",
    "escalated": "Escalated",
    "de_escalated": "Calmer",
    "repeat": "Still open",
    "escalation": "Nobody has acknowledged this",
}


def headline(report: Report) -> str:
    """One sentence, without its full stop.

    `Raids: 9 stories by 5 newsrooms in 2 h, 0.4 expected (limit 3)`; later `Escalated: Raids:
    5 more stories, 2 more newsrooms; now 14 stories by 7 newsrooms in 2 h, ...`.
    """
    name = clean_line(report.rule_name, 80)
    if report.change == "resolved":
        return f"Over: {name}: {_over(report.episode)}"
    finding = report.episode.last
    seen = seen_in_words(finding, report.limit)
    if finding.said:
        seen += f". {clean_line(finding.said, 200).rstrip('.')}"
    if report.change == "opened":
        return f"{name}: {seen}"
    news = news_in_words(report)
    told = f"{news}; in all {seen}" if news else seen
    return f"{_LEADS[report.change]}: {name}: {told}"


def news_in_words(report: Report) -> str | None:
    """What is new since the message before: `5 more stories, 2 more newsrooms; now severity 4`;
    None where nothing is, or where no message went before."""
    if report.before is None:
        return None
    told = [_grown(report.episode.last, report.before), _now(report.episode, report.before)]
    return "; ".join(part for part in told if part) or None


def handled_in_words(handling: Handling) -> str | None:
    """`acknowledged by ana (2025-06-28 09:20 UTC+00:00), assigned to ben`; None where nobody has
    done anything."""
    told = []
    if handling.acknowledged_by:
        told.append(f"acknowledged by {_who(handling.acknowledged_by, handling.acknowledged_at)}")
    if handling.assigned_to:
        told.append(f"assigned to {_who(handling.assigned_to)}")
    if handling.snoozed_until:
        told.append(f"snoozed until {moment_in_words(handling.snoozed_until)}")
    if closed := _closed(handling):
        told.append(closed)
    return ", ".join(told) or None


def _grown(finding: Finding, before: Before) -> str:
    """How the counts have moved, the rule's own unit first."""
    # Two accounts of one story count twice for some rules: then they are no stories.
    nouns = [noun_of(one.unit, one.count, one.stories) for one in (before, finding)]
    noun = nouns[0] if nouns[0] == nouns[1] else "account"
    moves = [_move(finding.count - before.count, noun)]
    if finding.unit != "newsrooms":
        moves.append(_move(finding.newsrooms - before.newsrooms, "newsroom"))
    return ", ".join(move for move in moves if move)


def _now(episode: Episode, before: Before) -> str:
    ladder, was = episode.last.ladder, before.ladder
    told = []
    if ladder is not None and was is not None and ladder != was:
        told.append(f"severity {ladder}")
    if episode.severity != before.severity:
        told.append(f"{episode.severity} (was {before.severity})")
    return f"now {', '.join(told)}" if told else ""


def _move(by: int, noun: str) -> str:
    if not by:
        return ""
    number, _, words = counted(abs(by), noun).partition(" ")
    return f"{number} {'more' if by > 0 else 'fewer'} {words}"


def _over(episode: Episode) -> str:
    """How it ended, and how high it stood."""
    if closed := _closed(episode.handling):
        ended = closed
    elif episode.resolved_at is not None:
        ended = f"quiet since {moment_in_words(episode.quiet_since)}"
    else:
        ended = "it is over"
    span = episode.quiet_since - episode.opened_at
    brief = span < timedelta(minutes=1)
    lasted = f"it lasted {'less than a minute' if brief else duration_in_words(span)}"
    if episode.last.below:
        return f"{ended}; {lasted}"
    return f"{ended}; {lasted}, {peak_in_words(episode)} at its peak"


def _closed(handling: Handling) -> str | None:
    if handling.closed_by is None:
        return None
    how = "closed as a false alarm" if handling.false_alarm else "closed"
    return f"{how} by {_who(handling.closed_by, handling.closed_at)}"


def _who(name: str, at: datetime | None = None) -> str:
    when = f" ({moment_in_words(at)})" if at else ""
    return f"{clean_line(name, 60)}{when}"
