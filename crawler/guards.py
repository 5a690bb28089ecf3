"""Addresses that the crawler refuses to open, and the two places where it refuses.

A name is judged before a request leaves (`GuardMiddleware`, again after every redirect), and the
numeric address is judged at the socket itself (`guarded_socket`): after DNS, right before the
connection, for names and literals alike, so that no second answer of a name server gets past.
"""

import errno
import ipaddress
import socket
from collections.abc import Callable
from typing import Self
from urllib.parse import urlsplit

from aiohttp import AddrInfoType
from scrapy import Request
from scrapy.crawler import Crawler

from crawler.errors import Refused
from crawler.urls import host_of

MAX_URL_LENGTH = 2_083

_IP = ipaddress.IPv4Address | ipaddress.IPv6Address
# Carry an IPv4 address inside: 6to4, Teredo and NAT64 could lead back into a private network.
_TUNNELS = tuple(ipaddress.ip_network(n) for n in ("2002::/16", "2001::/32", "64:ff9b::/96"))


class RefusedAddress(OSError):
    """Refused at the socket: the OSError that asyncio expects of a connection that fails."""


def refusal_of_url(url: str) -> str | None:
    """Why this address may not be requested, before any name is resolved; None if it may."""
    if len(url) > MAX_URL_LENGTH:
        return f"the address is longer than {MAX_URL_LENGTH} characters"
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        return f"the address cannot be read ({error})"
    if parts.scheme not in ("http", "https"):
        return f"only http and https are opened, not {parts.scheme or 'an address without scheme'}"
    if not host:
        return "the address names no host"
    if _is_disguised_ip(host):
        return f"{host} is a numeric address in disguise"
    if parts.username or parts.password:
        return "the address carries credentials"
    return None


def refusal_of_ip(ip: str, port: int, allowed_private_hosts: frozenset[str]) -> str | None:
    """Why a connection to this numeric address is refused; None if it is public or allowed."""
    address = ipaddress.ip_address(ip.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    kind = _kind_that_is_not_public(address)
    if kind is None or _named(address, port) in allowed_private_hosts:
        return None
    return (
        f"{_named(address, port)} is {kind}; name it in DYADWATCH_ALLOWED_PRIVATE_HOSTS to allow it"
    )


def guarded_socket(
    allowed_private_hosts: frozenset[str],
) -> Callable[[AddrInfoType], socket.socket]:
    """A socket factory for aiohttp that raises RefusedAddress instead of connecting inwards."""

    def open_socket(addr_info: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, address = addr_info
        ip, port = str(address[0]), int(address[1])
        if reason := refusal_of_ip(ip, port, allowed_private_hosts):
            raise RefusedAddress(errno.EACCES, reason)
        return socket.socket(family, kind, protocol)

    return open_socket


class GuardMiddleware:
    """Refuses addresses before they are requested, and gives each host its own queue."""

    @classmethod
    def from_crawler(cls, _crawler: Crawler) -> Self:
        return cls()

    def process_request(self, request: Request) -> None:
        if reason := refusal_of_url(request.url):
            raise Refused(reason)
        # A redirect carries the slot of where it came from: always named anew. What a server's
        # robots.txt says is asked outside of its queue, since everything there waits for it.
        lane = "robots " if request.meta.get("robots") else ""
        request.meta["download_slot"] = lane + host_of(request.url)


def _is_disguised_ip(host: str) -> bool:
    """127.1, 0x7f000001 and 2130706433 are 127.0.0.1 to some resolvers, and to nobody honest."""
    last_label = host.rstrip(".").rpartition(".")[2]
    if not (last_label.isdigit() or last_label.startswith("0x")):
        return False
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return True
    return False


def _kind_that_is_not_public(address: _IP) -> str | None:
    if address.is_loopback:
        return "a loopback address"
    if address.is_link_local:
        return "a link-local address, where clouds keep their metadata"
    if address.is_multicast:
        return "a multicast address"
    if address.is_unspecified:
        return "the unspecified address"
    if any(address in tunnel for tunnel in _TUNNELS if tunnel.version == address.version):
        return "a tunnel address that may lead inwards"
    # Also shared (100.64.0.0/10), reserved, documentation and unique local ranges.
    return None if address.is_global else "a private address"


def _named(address: _IP, port: int) -> str:
    return f"[{address}]:{port}" if address.version == 6 else f"{address}:{port}"
