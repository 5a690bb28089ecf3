"""What hostile and broken servers get: a sentence, and nothing else."""

import gzip
import resource
import socket
import ssl
import sys
import time
from datetime import UTC, datetime
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def error_of(report):
    (outcome,) = report.outcomes
    assert outcome.error
    return outcome.error


@pytest.mark.parametrize(
    "target", ["http://127.0.0.2:{port}/x", "http://169.254.169.254/latest/meta-data/",
               "http://[::1]:{port}/x", "http://0x7f000001:{port}/x", "http://2130706433:{port}/",
               "http://[::ffff:127.0.0.1]:1/", "http://10.1.2.3/", "http://0.0.0.0:{port}/"]
)  # fmt: skip
def test_a_redirect_inwards_is_refused(publisher, run, source, answer, target):
    port = publisher.authority.partition(":")[2]
    publisher.answers["/rss"] = answer(
        status=302, headers={"Location": target.format(port=int(port) + 1)}
    )
    report = run(source(publisher.url + "/rss"), allow=[publisher], timeout=3.0)
    assert "refused: " in error_of(report)
    assert "address" in error_of(report)


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://127.0.0.1/x", "data:text/xml,x"])
def test_a_redirect_to_another_scheme_goes_nowhere(publisher, run, source, answer, location):
    publisher.answers["/rss"] = answer(status=302, headers={"Location": location})
    assert "redirects without saying where" in error_of(
        run(source(publisher.url + "/rss"), allow=[publisher])
    )


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "http://localhost:1/", "http://127.1:1/", "http://u:p@127.0.0.1/",
            "gopher://x/", "http://", "http://[::1", "http://0:1/", "http://metadata.localhost:1/"]
)  # fmt: skip
def test_a_source_that_points_inwards_is_refused_in_words(run, source, url):
    started = time.monotonic()
    assert error_of(run(source(url)))
    assert time.monotonic() - started < 4


def test_a_loopback_port_that_is_not_named_is_refused(publish, store, run, source):
    allowed, other = publish(), publish()
    other.feed("/rss", {"title": "secret"})
    report = run(source(other.url + "/rss"), allow=[allowed])
    assert "is a loopback address; name it in DYADWATCH_ALLOWED_PRIVATE_HOSTS" in error_of(report)
    assert other.hits == []


def test_a_redirect_loop_ends(publisher, run, source, answer):
    publisher.answers["/rss"] = answer(status=301, headers={"Location": "/rss"})
    error = error_of(run(source(publisher.url + "/rss"), allow=[publisher]))
    assert error == "the address redirects too many times"


def test_robots_that_disallow_are_obeyed(publisher, store, run, source, answer):
    publisher.answers["/robots.txt"] = answer("User-agent: dyadwatch\nDisallow: /closed")
    publisher.feed(
        "/rss", {"title": "Open", "link": "/open"}, {"title": "Shut", "link": "/closed/1"}
    )
    publisher.page("/open", "Open to everybody")
    publisher.page("/closed/1", "Not for machines")
    run(source(publisher.url + "/rss"), allow=[publisher])
    assert "/open" in publisher.paths() and "/closed/1" not in publisher.paths()
    page = store.pages[publisher.url + "/closed/1"]
    assert "robots.txt" in page.error and "disallows" in page.error and page.permanent


def test_a_feed_that_robots_disallow_is_not_polled(publisher, run, source, answer):
    publisher.answers["/robots.txt"] = answer("User-agent: *\nDisallow: /")
    report = run(source(publisher.url + "/rss"), allow=[publisher])
    assert report.outcomes[0].robots_denied and "disallows" in error_of(report)
    assert publisher.paths() == ["/robots.txt"]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_robots_that_cannot_be_read_forbid_everything_for_now(
    publisher, run, source, answer, status
):
    publisher.answers["/robots.txt"] = answer(status=status)
    report = run(source(publisher.url + "/rss"), allow=[publisher])
    assert f"HTTP {status}" in error_of(report) and "for now" in error_of(report)
    assert not report.outcomes[0].robots_denied
    assert publisher.paths() == ["/robots.txt"]


def test_robots_that_time_out_forbid_everything_for_now(publisher, run, source, answer):
    publisher.answers["/robots.txt"] = answer(b"x" * 100, drip=0.3)
    assert "for now" in error_of(
        run(source(publisher.url + "/rss"), allow=[publisher], timeout=0.6)
    )
    assert publisher.paths() == ["/robots.txt"]


def test_a_server_that_drips_is_cut_off(publisher, run, source, answer):
    publisher.answers["/rss"] = answer(b"<rss>" * 100, drip=0.1)
    started = time.monotonic()
    error = error_of(run(source(publisher.url + "/rss"), allow=[publisher], timeout=0.8))
    assert "no complete answer within 0.8 s" in error
    assert time.monotonic() - started < 3


def test_a_body_that_is_too_large_is_dropped(publisher, run, source, answer):
    publisher.answers["/rss"] = answer(b"x" * 300_000)
    error = error_of(run(source(publisher.url + "/rss"), allow=[publisher], maxsize=100_000))
    assert "more than 100000 bytes" in error


def peak_memory_mb():
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def test_a_gzip_bomb_stays_small(publisher, run, source, answer):
    bomb = gzip.compress(b"\0" * 400_000_000, compresslevel=1)
    publisher.answers["/rss"] = answer(bomb, headers={"Content-Encoding": "gzip"})
    before = peak_memory_mb()
    error = error_of(run(source(publisher.url + "/rss"), allow=[publisher]))
    assert "too large once it is unpacked" in error
    assert peak_memory_mb() - before < 100


def test_a_body_that_is_packed_again_and_again_is_not_unpacked(publisher, run, source, answer):
    body = gzip.compress(gzip.compress(gzip.compress(b"<rss/>")))
    publisher.answers["/rss"] = answer(body, headers={"Content-Encoding": "gzip, gzip, gzip"})
    error = error_of(run(source(publisher.url + "/rss"), allow=[publisher]))
    assert error == "the answer is packed more than 2 times over"


def test_a_refused_connection_and_an_unknown_name_are_told_apart(run, source):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        authority = f"127.0.0.1:{closed.getsockname()[1]}"
        error = error_of(
            run(source(f"http://{authority}/"), allowed_private_hosts=frozenset({authority}))
        )
    assert "connection refused" in error
    assert "cannot be resolved (DNS)" in error_of(run(source("http://nowhere.invalid/rss")))


def test_a_server_that_speaks_no_tls_is_said_so(publisher, run, source):
    error = error_of(run(source(f"https://{publisher.authority}/rss"), allow=[publisher]))
    assert "TLS failed" in error


def self_signed(directory):
    """A server context with a certificate for 127.0.0.1 that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    builder = builder.public_key(key.public_key()).serial_number(1)
    builder = builder.not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
    builder = builder.not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = builder.add_extension(alternative, False).sign(key, hashes.SHA256())
    file = directory / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def test_a_certificate_that_nobody_vouches_for_is_refused(publish, run, source, tmp_path):
    server = publish(self_signed(tmp_path))
    server.feed("/rss", {"title": "t"})
    error = error_of(run(source(server.url + "/rss"), allow=[server]))
    assert "certificate is not valid (self-signed certificate)" in error
    assert server.hits == []


def test_html_instead_of_a_feed_is_said_so(publisher, run, source):
    publisher.page("/rss", "Our front page")
    error = error_of(run(source(publisher.url + "/rss"), allow=[publisher]))
    assert error == "this address answers HTML, not a feed"


def test_a_server_error_is_tried_once_more(publisher, run, source, answer):
    publisher.answers["/rss"] = answer(status=500)
    assert "HTTP 500" in error_of(run(source(publisher.url + "/rss"), allow=[publisher]))
    assert publisher.paths().count("/rss") == 2
