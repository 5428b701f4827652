"""What the calendar's templates ask."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django import template

from publishing.calendar.asking import View
from publishing.calendar.entries import Entry, cut

register = template.Library()


@register.filter
def day_link(view: View, day: date) -> str:
    return view.day_link(day)


@register.filter
def off_day(entry: Entry, zone: ZoneInfo) -> str:
    """The weekday, where the client's day is another one than that of the calendar."""
    local = entry.at.astimezone(entry.zone)
    return "" if local.date() == entry.at.astimezone(zone).date() else f" {local:%a}"


@register.filter
def first_words(entry: Entry) -> str:
    """As many as fit in a cell of a month."""
    return cut(entry.words, 44)


@register.filter
def clock(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%H:%M}"
