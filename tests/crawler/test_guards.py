"""The pure half of the guards and settings."""

import pytest

from crawler.guards import refusal_of_ip, refusal_of_url
from crawler.settings import Politeness, scrapy_settings, user_agent


@pytest.mark.parametrize(
    "ip",
    ["127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
     "0.0.0.0", "100.64.0.1", "192.0.2.1", "224.0.0.1", "255.255.255.255", "::1", "::",
     "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
     "2002:7f00:1::", "ff02::1"],
)  # fmt: skip
def test_addresses_that_are_not_public_are_refused(ip):
    assert refusal_of_ip(ip, 80, frozenset())


@pytest.mark.parametrize("ip", ["8.8.8.8", "94.20.30.40", "2a00:1450:4001::200e", "::ffff:8.8.8.8"])
def test_public_addresses_are_not(ip):
    assert refusal_of_ip(ip, 443, frozenset()) is None


def test_an_allowed_private_host_is_one_port_of_one_address():
    allowed = frozenset({"127.0.0.1:8901", "[::1]:8901"})
    assert refusal_of_ip("127.0.0.1", 8901, allowed) is None
    assert refusal_of_ip("::1", 8901, allowed) is None
    assert refusal_of_ip("::ffff:127.0.0.1", 8901, allowed) is None
    assert refusal_of_ip("127.0.0.1", 8902, allowed)
    assert refusal_of_ip("127.0.0.2", 8901, allowed)


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://a.az/", "http://u:p@a.az/", "http://127.1/", "http://0x7f.1/",
     "http://2130706433/", "http://0177.0.0.1/", "http:///x", "http://[::1",
     "https://a.az/" + "a" * 3000],
)  # fmt: skip
def test_addresses_that_are_refused_before_any_name_is_resolved(url):
    assert refusal_of_url(url)


def test_ordinary_addresses_pass():
    assert refusal_of_url("https://a.az/x?y=1") is None
    assert refusal_of_url("http://127.0.0.1:8901/rss") is None


def test_settings_leave_nothing_unsafe_on():
    settings = scrapy_settings(Politeness())
    off = ["REMOTE_CONTROL", "TELNETCONSOLE", "COOKIES", "METAREFRESH", "HTTPPROXY"]
    assert not any(settings[f"{name}_ENABLED"] for name in off)
    assert settings["DOWNLOAD_VERIFY_CERTIFICATES"] is True
    assert settings["DOWNLOAD_DELAY"] == 2.0 and settings["DOWNLOAD_DELAY_JITTER"] == 0
    assert settings["DOWNLOAD_MAXSIZE"] == 10_485_760 and settings["DOWNLOAD_TIMEOUT"] == 30
    assert settings["RETRY_TIMES"] == 1 and not {429, 503} & set(settings["RETRY_HTTP_CODES"])
    assert all(settings["DOWNLOAD_HANDLERS"][s] is None for s in ("file", "data", "ftp", "s3"))


def test_the_user_agent_names_a_contact():
    assert (
        user_agent("desk@example.org")
        == "dyadwatch/0.1 (+media monitor; contact: desk@example.org)"
    )


def test_a_politeness_without_a_budget_is_refused():
    with pytest.raises(ValueError, match="budget must be greater than 0"):
        Politeness(budget=0)
