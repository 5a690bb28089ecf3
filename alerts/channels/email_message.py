"""A notification as a mail message (pure)."""

import hashlib
from collections.abc import Sequence
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from alerts.notification import Notification


def build_message(notification: Notification, sender: str, to: Sequence[str]) -> EmailMessage:
    """The mail: text first, HTML as its alternative, threaded under the episode's first mail, whose
    subject is the notification's reference.

    Every body is quoted-printable, so it survives servers that know neither 8 bits nor long lines.
    """
    message = EmailMessage(policy=SMTP)
    first_subject = notification.reference
    subject = notification.subject if first_subject is None else f"Re: {first_subject}"
    if notification.key == notification.thread_key:
        subject = subject.removeprefix("Re: ")  # whoever is called only now has nothing before it
    message.set_raw("Subject", _subject(subject))
    message["From"] = sender
    message["To"] = ", ".join(to)
    message["Date"] = format_datetime(notification.created)
    message["Message-ID"] = message_id(notification.key, sender)
    if notification.key != notification.thread_key:
        first = message_id(notification.thread_key, sender)
        message["In-Reply-To"] = first
        message["References"] = first
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["X-Dyadwatch-Episode"] = notification.thread
    message["X-Dyadwatch-Key"] = notification.key
    if notification.severity == "critical":
        message["Importance"] = "high"
        message["X-Priority"] = "1"
    message.set_content(notification.text, cte="quoted-printable")
    message.add_alternative(notification.html, subtype="html", cte="quoted-printable")
    return message


def message_id(key: str, sender: str) -> str:
    """The same for the same key: who gets the message twice can see that it is one."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    domain = parseaddr(sender)[1].rpartition("@")[2]
    return f"<{digest}@{domain if domain.isascii() and domain else 'dyadwatch.invalid'}>"


def _subject(subject: str) -> str:
    """The subject as it travels: plain, or encoded as a whole.

    What looks encoded (=?) is encoded too, or readers would decode it. Left to the message's
    policy, a subject of plain and encoded words comes out with doubled spaces where it is folded
    (seen with Python 3.11).
    """
    if subject.isascii() and "=?" not in subject:
        return subject
    return Header(subject, "utf-8", header_name="Subject").encode(linesep="\r\n")
