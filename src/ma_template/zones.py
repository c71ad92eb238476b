"""Time zones by name. The machine may have no data about them; UTC works all the same."""

from __future__ import annotations

import datetime


def named(name: str) -> datetime.tzinfo:
    """Return the zone of an IANA name.

    Raises:
        ValueError: there is no such zone, or no data about zones at all (`known` tells).
    """
    if name.upper() == "UTC":
        return datetime.UTC
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"no time zone {name[:40]!r}") from None


def known() -> bool:
    """Return whether this machine knows any zone but UTC."""
    from zoneinfo import available_timezones

    return bool(available_timezones() - {"UTC"})
