"""Mail through real sockets: a catcher on loopback that can be told what to answer."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from alerts.channels.email import EmailChannel
from alerts.channels.secret import Secret
from alerts.notification import Delivered, Failed, Notification, Report
from alerts.render import render

MakeReport = Callable[..., Report]
NOW = datetime(2025, 6, 28, 9, 14, 5, tzinfo=UTC)
SENDER = "dyadwatch <alerts@desk.example>"
DUTY = ("duty@desk.example", "second@desk.example")


class Catcher:
    """Keeps every mail that it accepts; `answers` are spent first, `unknown` is refused."""

    def __init__(
        self, answers: tuple[str, ...] = (), unknown: dict[str, str] | None = None
    ) -> None:
        self.answers = list(answers)
        self.unknown = unknown or {}
        self.mails: list[EmailMessage] = []
        self.recipients: list[list[str]] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd looks for this name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.unknown:
            return self.unknown[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd looks for this name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.answers:
            return self.answers.pop(0)
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.recipients.append(envelope.rcpt_tos)
        return "250 OK"


@contextmanager
def serving(
    catcher: Catcher,
    protocol: type[SMTP] = SMTP,
    ssl_context: ssl.SSLContext | None = None,
    **options: object,
) -> Iterator[int]:
    """The catcher behind a mail server on a free port, in a thread of its own."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(
        loop.create_server(
            lambda: protocol(catcher, hostname="mail.example", loop=loop, **options),
            "127.0.0.1",
            0,
            ssl=ssl_context,
        )
    )
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


def channel(port: int, **fields: object) -> EmailChannel:
    plain = EmailChannel("desk", "127.0.0.1", port, SENDER, DUTY, tls=False, step_timeout=2.0)
    return replace(plain, **fields)  # type: ignore[arg-type]  # a test names its fields


@pytest.fixture
def notification(make_report: MakeReport) -> Notification:
    report = make_report()
    return render(report, key=f"{report.episode.id}:opened:desk", channel="desk", now=NOW)


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A self-signed certificate for 127.0.0.1, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.example")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    crt, pem = tmp_path / "crt.pem", tmp_path / "key.pem"
    crt.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return crt, pem


def server_context(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


def test_a_mail_arrives_whole(notification: Notification) -> None:
    catcher = Catcher()
    with serving(catcher) as port:
        assert channel(port).send(notification) == Delivered(reference=notification.subject)
    (mail,) = catcher.mails
    assert mail["Subject"] == notification.subject
    assert (mail["From"], mail["To"]) == (SENDER, ", ".join(DUTY))
    assert catcher.recipients == [list(DUTY)]
    assert mail["Date"].datetime == NOW
    assert mail["Auto-Submitted"] == "auto-generated"
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == notification.text
    assert "həbs edib" in html.get_content()


def test_a_subject_in_any_script_survives(notification: Notification) -> None:
    subjects = (
        "Рейды и задержания: 9 сюжетов | Azərbaycan–Россия 🔴" * 2,
        "a long plain beginning " * 4 + "| Azərbaycan–Россия",
        "=?utf-8?q?not_encoded?= " + "plain " * 20,
    )
    catcher = Catcher()
    with serving(catcher) as port:
        for subject in subjects:
            channel(port).send(replace(notification, subject=subject.strip()))
    assert [mail["Subject"] for mail in catcher.mails] == [each.strip() for each in subjects]


def test_the_messages_of_an_episode_form_a_thread(notification: Notification) -> None:
    catcher = Catcher()
    repeat = replace(
        notification,
        key=f"{notification.thread}:repeat-1:desk",
        subject="Re: 12 stories by now",
        reference=notification.subject,
    )
    with serving(catcher) as port:
        for each in (notification, repeat, notification):
            assert channel(port).send(each) == Delivered(reference=notification.subject)
    first, second, again = catcher.mails
    assert first["References"] is None
    # By the subject alone some readers tell threads apart: it stays, whatever the numbers do.
    assert second["Subject"] == f"Re: {first['Subject']}"
    assert second["References"] == second["In-Reply-To"] == first["Message-ID"]
    assert second["Message-ID"] != first["Message-ID"]
    # The same key sent twice is recognisably one message.
    assert again["Message-ID"] == first["Message-ID"]
    assert first["Message-ID"].endswith("@desk.example>")


def test_the_first_mail_to_somebody_who_is_called_later_answers_nothing(
    notification: Notification,
) -> None:
    catcher = Catcher()
    key = f"{notification.thread}:escalation-1:boss"
    subject = f"Re: {notification.subject}"
    with serving(catcher) as port:
        channel(port).send(replace(notification, key=key, thread_key=key, subject=subject))
    (first,) = catcher.mails
    assert first["Subject"] == notification.subject and first["References"] is None


def test_451_is_temporary_and_the_next_attempt_delivers(notification: Notification) -> None:
    catcher = Catcher(answers=("451 4.3.0 Try again later",))
    with serving(catcher) as port:
        failed = channel(port).send(notification)
        assert isinstance(failed, Failed)
        assert not failed.permanent
        assert failed.error == (
            f"The mail server 127.0.0.1:{port} answered 451 4.3.0 Try again later."
        )
        assert channel(port).send(notification) == Delivered(reference=notification.subject)
    assert len(catcher.mails) == 1


def test_550_is_permanent(notification: Notification) -> None:
    with serving(Catcher(answers=("550 5.7.1 Not wanted\x1b[2J",))) as port:
        failed = channel(port).send(notification)
    assert isinstance(failed, Failed)
    assert failed.permanent
    assert "550 5.7.1 Not wanted" in failed.error
    assert failed.error.isprintable()


@pytest.mark.parametrize(
    ("answer", "permanent"), [("550 No such user", True), ("450 Later", False)]
)
def test_when_every_recipient_is_refused_nothing_was_sent(
    notification: Notification, answer: str, permanent: bool
) -> None:
    catcher = Catcher(unknown=dict.fromkeys(DUTY, answer))
    with serving(catcher) as port:
        failed = channel(port).send(notification)
    assert isinstance(failed, Failed)
    assert failed.permanent is permanent
    assert "duty@desk.example" in failed.error
    assert catcher.mails == []


def test_one_refused_recipient_does_not_undo_the_others(notification: Notification) -> None:
    catcher = Catcher(unknown={DUTY[1]: "550 No such user"})
    with serving(catcher) as port:
        outcome = channel(port).send(notification)
    assert isinstance(outcome, Delivered)
    assert outcome.note is not None
    assert "second@desk.example: 550 No such user" in outcome.note
    assert catcher.recipients == [[DUTY[0]]]


def test_a_server_that_is_not_there_is_temporary(notification: Notification) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        failed = channel(unused.getsockname()[1]).send(notification)
    assert isinstance(failed, Failed)
    assert not failed.permanent
    assert "refused" in failed.error.lower()


def test_a_name_that_does_not_resolve_is_temporary(notification: Notification) -> None:
    failed = replace(channel(25), host="mail.invalid").send(notification)
    assert isinstance(failed, Failed)
    assert not failed.permanent


@contextmanager
def speaking(speak: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that says whatever a test wants, to one client."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            try:
                client, _ = listening.accept()
                with client:
                    speak(client)
            except OSError:
                return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
    thread.join(5)


def test_a_silent_server_is_left_after_the_time_out(notification: Notification) -> None:
    with speaking(lambda client: client.recv(1) and None) as port:
        failed = channel(port, step_timeout=0.3).send(notification)
    assert isinstance(failed, Failed)
    assert not failed.permanent
    assert "did not answer in 0.3 s" in failed.error


def test_a_server_that_drips_is_left_at_the_deadline(notification: Notification) -> None:
    gone = threading.Event()

    def drip(client: socket.socket) -> None:
        while not gone.wait(0.05):
            client.sendall(b"2")

    with speaking(drip) as port:
        failed = channel(port, deadline=0.5).send(notification)
        gone.set()
    assert failed == Failed(False, f"The mail server 127.0.0.1:{port} took longer than 0.5 s.")


def test_a_server_that_hangs_up_after_taking_the_mail_has_it(notification: Notification) -> None:
    """A goodbye that fails must not send the message twice."""

    class Rude(SMTP):
        async def smtp_QUIT(self, arg: str) -> None:  # noqa: N802 - aiosmtpd looks for this name
            await self.push("451 I will not say goodbye")

    catcher = Catcher()
    with serving(catcher, Rude) as port:
        assert channel(port).send(notification) == Delivered(reference=notification.subject)
    assert len(catcher.mails) == 1


def test_starttls_with_a_certificate_that_nobody_vouches_for_is_refused(
    notification: Notification, certificate: tuple[Path, Path]
) -> None:
    catcher = Catcher()
    with serving(catcher, tls_context=server_context(certificate)) as port:
        failed = channel(port, tls="starttls").send(notification)
    assert isinstance(failed, Failed)
    assert not failed.permanent
    assert f"The certificate of 127.0.0.1:{port} is not trusted (self-signed" in failed.error
    assert "SSL_CERT_FILE" in failed.error
    assert catcher.mails == []


def test_starttls_with_a_trusted_certificate_delivers(
    notification: Notification, certificate: tuple[Path, Path]
) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate[0]))
    with serving(Catcher(), tls_context=server_context(certificate), require_starttls=True) as port:
        sent = channel(port, tls="starttls", context=trusting).send(notification)
    assert sent == Delivered(reference=notification.subject)


def test_implicit_tls_verifies_as_well(
    notification: Notification, certificate: tuple[Path, Path]
) -> None:
    with serving(Catcher(), ssl_context=server_context(certificate)) as port:
        trusting = ssl.create_default_context(cafile=str(certificate[0]))
        sent = channel(port, tls="implicit", context=trusting).send(notification)
        failed = channel(port, tls="implicit").send(notification)
    assert sent == Delivered(reference=notification.subject)
    assert isinstance(failed, Failed)
    assert "is not trusted" in failed.error


def test_nothing_falls_back_to_plain_text(notification: Notification) -> None:
    catcher = Catcher()
    with serving(catcher) as port:
        failed = channel(port, tls="starttls").send(notification)
    assert isinstance(failed, Failed)
    assert failed.permanent
    assert "STARTTLS" in failed.error
    assert catcher.mails == []


def test_implicit_tls_to_a_plain_port_says_what_to_check(notification: Notification) -> None:
    with serving(Catcher()) as port:
        failed = channel(port, tls="implicit").send(notification)
    assert isinstance(failed, Failed)
    assert "check tls and port" in failed.error


def test_a_wrong_password_is_permanent_and_is_not_told(notification: Notification) -> None:
    def refuse(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        return AuthResult(success=False, handled=False, message="535 5.7.8 hunter2 is not it")

    with serving(Catcher(), authenticator=refuse, auth_require_tls=False) as port:
        sender = channel(port, username="desk", password=Secret("hunter2"))
        failed = sender.send(notification)
    assert isinstance(failed, Failed)
    assert failed.permanent
    assert "535" in failed.error
    assert "hunter2" not in failed.error + repr(sender) + str(sender.password)


def test_a_password_that_smtp_cannot_carry_is_a_sentence(notification: Notification) -> None:
    def accept(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        return AuthResult(success=True)

    with serving(Catcher(), authenticator=accept, auth_require_tls=False) as port:
        sender = channel(port, username="desk", password=Secret("пароль"))
        failed = sender.send(notification)
    assert isinstance(failed, Failed)
    assert "пароль" not in failed.error
