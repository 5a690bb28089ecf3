"""Which addresses a webhook may be sent to: public ones, and those that the service allows by name.

The name is resolved once, every address that it has is judged, and the connection goes to one of
the judged addresses: a name that resolves differently a moment later gains nothing.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from alerts.notification import Failed

_NAT64 = IPv6Network("64:ff9b::/96")


def judged_addresses(host: str, port: int, allowed: frozenset[str]) -> tuple[str, ...] | Failed:
    """The addresses of `host`, all of which may be reached, or why none of them is.

    `allowed` holds `host:port` entries; one that names the host or the address lifts the refusal.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return Failed(False, f"The name {host} cannot be resolved.")
    addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if is_public(address) or allowed & {_entry(host, port), _entry(address, port)}:
            continue
        return Failed(
            True,
            f"{_entry(host, port)} leads to the private address {address}, which is refused. If it "
            f"is meant, add {_entry(host, port)} to DYADWATCH_ALLOWED_PRIVATE_HOSTS.",
        )
    return addresses


def is_public(address: str) -> bool:
    """Whether anybody on the internet could be there: not private, local, reserved or multicast."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = _embedded(ip) if isinstance(ip, IPv6Address) else None
    return ip.is_global and not ip.is_multicast and (inner is None or is_public(str(inner)))


def _embedded(ip: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address carries and a gateway would unpack."""
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


def _entry(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
