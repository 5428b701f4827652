"""What a recovery keeps as evidence: every call and every verdict, or of many the first and the last."""

from typing import Any

from django.utils import timezone

Entry = dict[str, Any]

FIRST, LAST = 60, 60


def entry(verb: str, **what: Any) -> Entry:
    return {"verb": verb, "at": timezone.now().isoformat(), **what}


def bounded(entries: list[Entry]) -> list[Entry]:
    """Without those in the middle, which are counted. The hourly looks at a post that stays up are many and alike."""
    middle = entries[FIRST:-LAST]
    if len(middle) <= 1:
        return entries
    count = sum(each.get("left_out", 1) for each in middle)
    return [*entries[:FIRST], entry("left out", left_out=count, note=f"{count} entries"), *entries[-LAST:]]
