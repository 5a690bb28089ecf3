"""Times as people and records write them: ISO 8601, UTC, and days that stay days."""

from datetime import UTC, date, datetime


def written(moment: datetime | date | None) -> str | None:
    """ISO 8601: `2025-06-28T09:14:00Z`, `2025-06-28` for a bare date, None for None."""
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return moment.isoformat() if moment else None


def parse_moment(text: str) -> datetime | date:
    """A UTC time or a bare date from ISO 8601; without an offset it is UTC; else a ValueError."""
    if len(text) == len("2025-06-28"):
        return date.fromisoformat(text)
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
