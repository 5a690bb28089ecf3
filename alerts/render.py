"""Report → Notification: composed once, then written out for every kind of channel (pure)."""

from dataclasses import replace
from datetime import datetime

from alerts.notification import MessageChange, Notice, Notification, Report
from alerts.render_facts import Fact
from alerts.render_headline import headline
from alerts.render_html import to_html
from alerts.render_message import BANNERS, Message, compose
from alerts.render_quote import clean_line
from alerts.render_slack import to_slack
from alerts.render_text import to_text
from alerts.render_words import moment_in_words

SUBJECT_LIMIT = 140


def render(
    report: Report, *, key: str, channel: str, now: datetime, thread_subject: str | None = None
) -> Notification:
    """The message that the outbox knows as `key`, for the channel of this name.

    `thread_subject` is the subject that the episode's first mail had: what follows keeps it,
    because some mail clients thread by the subject. Where it is not known, what follows gets the
    one that a first mail would have now.
    """
    episode = report.episode
    subject = thread_subject or _subject(replace(report, change="opened"))
    return _written(
        compose(report),
        key=key,
        channel=channel,
        thread=episode.id,
        subject=subject if report.change == "opened" else f"Re: {subject}",
        now=now,
        change=report.change,
    )


def render_trial(channel: str, kind: str, now: datetime) -> Notification:
    """The marked message that `dyadwatch notify test` sends through a channel of this name."""
    message = Message(
        headline=f"Test of the channel {clean_line(channel, 60)}",
        severity="info",
        banner=BANNERS["test"],
        facts=(Fact("Kind", clean_line(kind, 60)), Fact("Sent", moment_in_words(now))),
        footer="Sent by dyadwatch notify test.",
    )
    thread = f"test-{now:%Y%m%dT%H%M%S}"
    return _written(
        message,
        key=f"{thread}:opened:{channel}",
        channel=channel,
        thread=thread,
        subject=f"[test] {message.headline}",
        now=now,
    )


def render_notice(notice: Notice, *, key: str, channel: str, now: datetime) -> Notification:
    """The words to the operator that the outbox knows as `key`: begins with what it is not."""
    banner = BANNERS["notice"] if notice.banner is None else clean_line(notice.banner, 200)
    message = Message(
        headline=f"dyadwatch: {clean_line(notice.headline, 120)}",
        severity="info",
        banner=banner or None,
        facts=tuple(
            Fact(clean_line(line.subject, 80), clean_line(line.words, 400)) for line in notice.lines
        ),
        footer=clean_line(notice.footer, 400),
    )
    return _written(
        message,
        key=key,
        channel=channel,
        thread=key.partition(":")[0],
        subject=message.headline,
        now=now,
    )


def _written(
    message: Message,
    *,
    key: str,
    channel: str,
    thread: str,
    subject: str,
    now: datetime,
    change: MessageChange = "opened",
) -> Notification:
    return Notification(
        key=key,
        channel=channel,
        thread=thread,
        thread_key=f"{thread}:opened:{channel}",
        subject=clean_line(subject, SUBJECT_LIMIT),
        text=to_text(message),
        html=to_html(message),
        slack=to_slack(message),
        severity=message.severity,
        created=now,
        change=change,
    )


def _subject(report: Report) -> str:
    """The sentence without its reckoning, which a phone would cut off: the mail begins with it."""
    mark = "" if report.occasion == "real" else f"[{report.occasion}] "
    urgent = "CRITICAL: " if report.episode.severity == "critical" else ""
    said = headline(report).partition(" (limit")[0]
    one, other = (clean_line(country.name, 30) for country in report.dyad)
    return f"{mark}{urgent}{said} | {one}–{other}"
