"""E-mail by SMTP: one message to all recipients, text and HTML, one thread for each episode."""

import contextlib
import smtplib
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from alerts.channels.deadline import within
from alerts.channels.email_message import build_message
from alerts.channels.options import Options
from alerts.channels.secret import Secret
from alerts.notification import Delivered, Failed, Notification, Outcome
from alerts.render_quote import clean_line

Tls = Literal["starttls", "implicit", False]

KEYS = frozenset({"host", "port", "tls", "username", "password", "from", "to"})
PORTS: Mapping[Tls, int] = {"starttls": 587, "implicit": 465, False: 25}

#: Seconds for each step of the conversation, and for the whole of it.
STEP_TIMEOUT = 15.0
DEADLINE = 50.0

Refused = Mapping[str, tuple[int, bytes]]


@dataclass(frozen=True, slots=True)
class EmailChannel:
    """Sends a notification by one mail server.

    `tls` "starttls" and "implicit" verify the server's certificate; nothing falls back to plain
    text. `context` names other authorities than the system's.
    """

    name: str
    host: str
    port: int
    sender: str
    to: tuple[str, ...]
    tls: Tls = "starttls"
    username: str | None = None
    password: Secret | None = None
    step_timeout: float = STEP_TIMEOUT
    deadline: float = DEADLINE
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)

    @property
    def recipient(self) -> str:
        return ", ".join(self.to)

    @property
    def edits(self) -> bool:
        return False

    def send(self, notification: Notification) -> Outcome:
        """Delivered when the server took the message for at least one recipient; its reference is
        the subject that began the thread, which some mail clients thread by.

        The mail's Message-ID is made of the notification's key: a mail server or client that sees
        it twice can drop the second.
        """
        try:
            outcome = within(self.deadline, lambda: self._send(notification))
        except (smtplib.SMTPException, OSError, ValueError) as error:
            return self._failed(error)
        if outcome is None:
            return Failed(False, f"{self._where} took longer than {self.deadline:g} s.")
        return outcome

    def _send(self, notification: Notification) -> Outcome:
        message = build_message(notification, self.sender, self.to)
        smtp = self._connected()
        try:
            refused: Refused = smtp.send_message(message)
        finally:
            # What happens while saying goodbye does not undo what was sent.
            with contextlib.suppress(smtplib.SMTPException, OSError):
                smtp.quit()
            smtp.close()
        note = f"{self._where} refused {self._refusals(refused)}." if refused else None
        began = notification.reference or notification.subject.removeprefix("Re: ")
        return Delivered(note, began)

    def _connected(self) -> smtplib.SMTP:
        name = _own_name()
        if self.tls == "implicit":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, name, timeout=self.step_timeout, context=self.context
            )
        else:
            smtp = smtplib.SMTP(self.host, self.port, name, timeout=self.step_timeout)
        try:
            if self.tls == "starttls":
                smtp.starttls(context=self.context)
            if self.username is not None and self.password is not None:
                smtp.login(self.username, self.password.reveal())
        except BaseException:
            smtp.close()
            raise
        return smtp

    @property
    def _where(self) -> str:
        return f"The mail server {self.host}:{self.port}"

    def _failed(self, error: Exception) -> Failed:
        """Every failure as a sentence; 5xx is permanent, all that may pass is not."""
        match error:
            case smtplib.SMTPRecipientsRefused():
                refused: Refused = error.recipients
                permanent = all(code >= 500 for code, _ in refused.values())
                return Failed(permanent, f"{self._where} refused {self._refusals(refused)}.")
            case smtplib.SMTPNotSupportedError():
                return Failed(True, f"{self._where} cannot do it: {self._said(error)}")
            case smtplib.SMTPResponseException():
                said = self._said(error.smtp_error)
                answer = f"{self._where} answered {error.smtp_code} {said}"
                return Failed(500 <= error.smtp_code < 600, answer.rstrip(". ") + ".")
            case ssl.SSLCertVerificationError():
                return Failed(
                    False,
                    f"The certificate of {self.host}:{self.port} is not trusted "
                    f"({error.verify_message}): give the server a valid one, or name its authority "
                    "with SSL_CERT_FILE.",
                )
            case ssl.SSLError():
                return Failed(False, f"{self._where} does not speak TLS so: check tls and port.")
            case TimeoutError() | smtplib.SMTPServerDisconnected(__context__=TimeoutError()):
                return Failed(False, f"{self._where} did not answer in {self.step_timeout:g} s.")
            case UnicodeError():
                return Failed(True, f"{self._where}: name or password are not plain ASCII.")
            case _:
                said = self._said(error).rstrip(". ")
                return Failed(False, f"{self._where} cannot be used: {said}.")

    def _refusals(self, refused: Refused) -> str:
        return "; ".join(
            f"{address}: {code} {self._said(said)}" for address, (code, said) in refused.items()
        )

    def _said(self, words: Exception | bytes | str) -> str:
        text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
        line = clean_line(text, 300)
        return self.password.hidden_in(line) if self.password else line


def build(
    name: str, given: Mapping[str, object], _allowed_private_hosts: frozenset[str]
) -> EmailChannel:
    """A channel from its keys in the profile, or a `ChannelError`.

    A mail server may be private: the profile's owner names it, and no article can.
    """
    options = Options(name, given, KEYS)
    tls = _tls(options)
    username = options.text("username") if given.get("username") else None
    password = options.secret("password")
    if (username is None) != (password is None):
        missing = "username" if username is None else "password"
        raise options.error(missing, "is missing: username and password go together")
    return EmailChannel(
        name=name,
        host=options.text("host"),
        port=options.port(PORTS[tls]),
        sender=_sender(options),
        to=options.addresses("to"),
        tls=tls,
        username=username,
        password=password,
    )


def _tls(options: Options) -> Tls:
    value = options.given.get("tls", "starttls")
    if value is False or value == "false":
        return False
    if value == "starttls":
        return "starttls"
    if value == "implicit":
        return "implicit"
    raise options.error("tls", "must be starttls, implicit or false")


def _sender(options: Options) -> str:
    senders = options.addresses("from")
    if len(senders) != 1:
        raise options.error("from", "must be one mail address")
    return senders[0]


def _own_name() -> str:
    """What we call ourselves: the host's full name, without smtplib's slow look-up of it."""
    name = socket.gethostname()
    return name if "." in name and name.isascii() else "[127.0.0.1]"
