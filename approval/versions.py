"""How two versions of a draft differ."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from publishing.models import Image
from sophia import comparing
from sophia.comparing import Cut

if TYPE_CHECKING:
    from approval.models import Decision

MOST_EDITS = 200
"""Of one draft."""

Pictures = Sequence[tuple[Image, str]]
"""Images in order, each with its alt text."""

Diff = dict[str, list[Any]]
"""Each changed field with `[what it was, what it is]`."""


def difference(before: dict[str, Any], after: dict[str, Any]) -> Diff:
    return {field: [before[field], after[field]] for field in after if before[field] != after[field]}


def cuts_of(diff: Diff) -> dict[str, list[Cut]]:
    """How its texts differ. Kept beside the diff, so that no page compares them again."""
    texts = {field: (str(was or ""), str(now or "")) for field, (was, now) in diff.items() if field != "images"}
    return {field: comparing.cuts_of(*both) for field, both in texts.items()}


BESIDE = ("title", "suggested_at")
"""What no digest covers, because no platform gets it. The title is not for clients."""


def beside(title: str, suggested_at: datetime | None) -> dict[str, Any]:
    return {"title": title, "suggested_at": suggested_at.astimezone(UTC).isoformat() if suggested_at else None}


def changes_since(digest: str, decisions: Iterable["Decision"]) -> Diff:
    """What was edited since the draft had this digest, of what that covers. Empty when it never had."""
    diff: Diff = {}
    seen = False
    for decision in decisions:
        if seen:
            fold(diff, {field: versions for field, versions in decision.diff.items() if field not in BESIDE})
        if decision.digest == digest:
            seen, diff = True, {}
    return diff


def fold(diff: Diff, later: Diff) -> None:
    for field, (was, now) in later.items():
        diff[field] = [diff[field][0] if field in diff else was, now]
