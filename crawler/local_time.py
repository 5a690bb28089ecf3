"""What a newsroom's clock shows, as an instant (pure)."""

from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import get_global

# Of countries with several zones, the one that the national press writes in.
_OF_THE_PRESS = MappingProxyType(
    {
        "AR": "America/Argentina/Buenos_Aires", "AU": "Australia/Sydney", "BR": "America/Sao_Paulo",
        "CA": "America/Toronto", "CL": "America/Santiago", "CN": "Asia/Shanghai",
        "CY": "Asia/Nicosia", "DE": "Europe/Berlin", "ES": "Europe/Madrid", "ID": "Asia/Jakarta",
        "KZ": "Asia/Almaty", "MN": "Asia/Ulaanbaatar", "MX": "America/Mexico_City",
        "MY": "Asia/Kuala_Lumpur", "NZ": "Pacific/Auckland", "PS": "Asia/Gaza",
        "PT": "Europe/Lisbon", "RU": "Europe/Moscow", "UA": "Europe/Kyiv", "US": "America/New_York",
        "UZ": "Asia/Tashkent",
    }
)  # fmt: skip


def as_local(stated: datetime, country: str | None) -> datetime:
    """A time without an offset as the clocks of a country (alpha-2) show it, in UTC; UTC itself
    where the country or its zone is not known. A time with an offset keeps its moment."""
    if stated.tzinfo is None:
        stated = stated.replace(tzinfo=_zone(country))
    return stated.astimezone(UTC)


@lru_cache(maxsize=256)
def _zone(country: str | None) -> tzinfo:
    zones = get_global("territory_zones").get(country, []) if country else []
    name = _OF_THE_PRESS.get(country or "") or (zones[0] if len(zones) == 1 else None)
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
