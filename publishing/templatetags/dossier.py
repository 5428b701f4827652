"""How a dossier says times, and words in its style sheet."""

from datetime import UTC, datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def clocks(at: Any) -> SafeString | str:
    """A time on the client's clock, to the second, with UTC beside it."""
    if not isinstance(at, datetime):
        return str(at or "")
    utc = at.astimezone(UTC)
    other = f"{utc:%H:%M:%S} UTC" if utc.date() == at.date() else f"{utc:%d %b %Y, %H:%M:%S} UTC"
    said = f"{at:%a} {at.day} {at:%b %Y, %H:%M:%S}"
    pattern = '<time datetime="{}">{} <small>{} · {}</small></time>'
    return format_html(pattern, at.isoformat(), said, str(at.tzinfo), other)


@register.filter
def css_text(value: Any) -> SafeString:
    """For a string in a style sheet: everything but plain letters and digits as its code, so that nothing ends it."""
    plain = (each if each.isascii() and each.isalnum() else f"\\{ord(each):06x}" for each in str(value))
    return mark_safe("".join(plain))
