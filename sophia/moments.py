"""Times as scripts and people write them: ISO 8601, or `now`."""

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone

from sophia.refusals import Refused

NOW = "now"
EXAMPLE = "2026-10-01T09:00 or 2026-10-01T09:00+02:00"
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
"""Beyond these a time is a slip of the finger, and near the ends of the calendar no other clock can show it."""


@cache
def timezones() -> frozenset[str]:
    """Their names. Once: it reads every file of the database of timezones."""
    return frozenset(available_timezones())


def parse(text: str, zone: ZoneInfo) -> datetime:
    """`text` as an aware time. One without an offset is read on the clock of `zone`. Refused, with an example, when it
    is not a time or that clock never shows it."""
    if text.strip().lower() == NOW:
        return timezone.now()
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Refused(f"“{text}” is not a time. Write now, or ISO 8601 such as {EXAMPLE}.") from None
    if len(text.strip()) <= len("2026-10-01"):
        raise Refused(f"“{text}” has no time of day. Write one, such as {EXAMPLE}.")
    try:
        return within_horizon(moment if moment.tzinfo else on_the_clock(moment, zone)).astimezone(UTC)
    except OverflowError:
        raise Refused(too_far(moment)) from None


def within_horizon(moment: datetime) -> datetime:
    """The aware time itself. Refused when it lies before EARLIEST or after LATEST."""
    if not EARLIEST <= moment <= LATEST:
        raise Refused(too_far(moment))
    return moment


def too_far(moment: datetime) -> str:
    return f"{moment.date()} is too far away. Choose a time between {EARLIEST.year} and {LATEST.year}."


def on_their_clock(moment: datetime, zone: ZoneInfo) -> str:
    """A time for people, with the name of the zone, and with the year where it is another than this one. The one way in
    which sentences tell a time."""
    local = moment.astimezone(zone)
    year = "" if local.year == timezone.now().astimezone(zone).year else f" {local.year}"
    return f"{local:%a %d %b}{year} {local:%H:%M} {zone.key}"


def on_the_clock(moment: datetime, zone: ZoneInfo) -> datetime:
    """The first time that the clock shows this. An hour that is skipped in spring does not exist."""
    local = moment.replace(tzinfo=zone)
    if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment:
        raise Refused(f"{moment:%Y-%m-%d %H:%M} does not exist in {zone}: the clocks go forward then.")
    return local
