"""How the pages say times, states and changes."""

from datetime import datetime
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django import template
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from sophia import comparing
from sophia.search.marking import excerpt

register = template.Library()

STATES = {
    "draft": ("pencil", "quiet"),
    "in_review": ("eye", "accent"),
    "approved": ("check", "good"),
    "rejected": ("cross", "bad"),
    "skipped": ("skip", "quiet"),
    "queued": ("clock", "accent"),
    "publishing": ("send", "accent"),
    "published": ("check", "good"),
    "unconfirmed": ("question", "warn"),
    "failed": ("alert", "bad"),
    "missed": ("missed", "warn"),
    "handoff": ("hand", "warn"),
    "cancelled": ("cross", "quiet"),
    "recovered": ("undo", "quiet"),
    "pending": ("clock", "warn"),
    "executing": ("send", "accent"),
    "completed": ("check", "good"),
    "manual_recovery_needed": ("hand", "warn"),
    "dismissed": ("cross", "quiet"),
    "go": ("check", "good"),
    "hold": ("pause", "warn"),
    "stop": ("alert", "bad"),
}
KEPT = 80
"""Characters on each side of a change that are shown with it."""


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("sophia/icons.svg"), name
    )


@register.simple_tag
@lru_cache(maxsize=200)
def chip(state: str, label: str = "") -> SafeString:
    """A state by icon, word and colour."""
    name, tone = STATES[state]
    return format_html(
        '<span class="chip {}">{}{}</span>', tone, icon(name), capfirst(label or state.replace("_", " "))
    )


@register.simple_tag
def moment(at: datetime | None, zone: ZoneInfo | None = None, form: str = "long") -> SafeString | str:
    """A time on the client's clock, with the zone's name. `form`: long, or clock (the time of day only)."""
    if at is None:
        return ""
    local = at.astimezone(zone or ZoneInfo("UTC"))
    year = "" if local.year == timezone.now().astimezone(local.tzinfo).year else f" {local.year}"
    said = f"{local:%H:%M}" if form == "clock" else f"{local:%a} {local.day} {local:%b}{year}, {local:%H:%M}"
    pattern = '<time datetime="{}">{} <span class="zone">{}</span></time>'
    return format_html(pattern, local.isoformat(timespec="seconds"), said, str(local.tzinfo))


@register.simple_tag
def elapsed(since: datetime | None) -> SafeString | str:
    """How long ago that was, as a clock that `elapsed.js` keeps running."""
    if since is None:
        return ""
    clock = running(int((timezone.now() - since).total_seconds()))
    return format_html('<time class="elapsed" datetime="{}">{}</time>', since.isoformat(), clock)


def running(seconds: int) -> str:
    """`0:07`, `12:05`, `3:04:05`, as `elapsed.js` writes it too."""
    minutes, seconds = divmod(max(seconds, 0), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


@register.simple_tag(takes_context=True)
def image_address(context: dict[str, Any], sha256: str) -> str:
    """Where this page finds an image: on the desk, or behind the client's link that it is shown through."""
    images = context.get("client_images")
    return f"{images}images/{sha256}" if images else reverse("publishing:image", args=[sha256])


register.simple_tag(excerpt, name="excerpt")


@register.filter
def of(table: Any, key: Any) -> Any:
    """What `table` has under `key`, or nothing, also where there is no table."""
    return table.get(key, "") if table else ""


@register.filter
def ago(at: datetime | None) -> str:
    return naturaltime(at).replace("\xa0", " ") if at else ""


@register.filter
def host(link: str) -> str:
    return (urlsplit(link).hostname or link).removeprefix("www.")


@register.filter
def initial(name: str) -> str:
    return next((letter for letter in name if letter.isalnum()), "•").upper()


@register.filter
def get(mapping: dict[str, Any], key: str) -> Any:
    return mapping.get(key, "")


@register.filter
def changes(diff: dict[str, list[Any]], cuts: dict[str, list[comparing.Cut]] | None = None) -> list[dict[str, Any]]:
    """A stored diff, field by field, for reading. `cuts`: how the texts differ, where that is kept."""
    return [change(field, was, now, (cuts or {}).get(field)) for field, (was, now) in diff.items()]


def change(field: str, was: Any, now: Any, cuts: list[comparing.Cut] | None = None) -> dict[str, Any]:
    if field == "images":
        return {"field": field, "images": image_changes(was or [], now or [])}
    before, after = str(was or ""), str(now or "")
    cuts = comparing.cuts_of(before, after) if cuts is None else cuts
    return {"field": field, "words": list(comparing.pieces(before, after, cuts))}


def image_changes(was: list[dict[str, str]], now: list[dict[str, str]]) -> list[tuple[str, dict[str, str]]]:
    """Images that left, then those there are now, each as (old | new | same, image)."""
    left = [("old", picture) for picture in was if picture not in now]
    return left + [("same" if picture in was else "new", picture) for picture in now]


@register.filter
def gist(words: str) -> str:
    """What stayed the same between two changes, without its middle where that is long."""
    if len(words) <= 3 * KEPT:
        return words
    return f"{words[:KEPT].rsplit(maxsplit=1)[0]} … {words[-KEPT:].split(maxsplit=1)[-1]}"


@register.filter
def tone(state: str) -> str:
    return STATES[state][1]


@register.filter
def icon_name(state: str) -> str:
    return STATES[state][0]


TO_DO = {
    "published": "Say which post it is",
    "unconfirmed": "Look whether it is live",
    "missed": "Send it now, move it or drop it",
    "failed": "Read why, then try again",
    "handoff": "Time to post it by hand",
}


@register.filter
def to_do(state: str) -> str:
    return TO_DO[state]


@register.filter
def takedown(recovery: Any) -> str:
    return f"Take-down: {recovery.get_state_display().lower()}"
