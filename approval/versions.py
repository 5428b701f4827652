"""How two versions of a draft differ."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from publishing.models import Image

if TYPE_CHECKING:
    from approval.models import Decision

Pictures = Sequence[tuple[Image, str]]
"""Images in order, each with its alt text."""

Diff = dict[str, list[Any]]
"""Each changed field with `[what it was, what it is]`."""


def difference(before: dict[str, Any], after: dict[str, Any]) -> Diff:
    return {field: [before[field], after[field]] for field in after if before[field] != after[field]}


def changes_since(digest: str, decisions: Iterable["Decision"]) -> Diff:
    """What was edited since the draft had this digest. Empty when it never had."""
    diff: Diff = {}
    seen = False
    for decision in decisions:
        if seen:
            fold(diff, decision.diff)
        if decision.digest == digest:
            seen, diff = True, {}
    return diff


def fold(diff: Diff, later: Diff) -> None:
    for field, (was, now) in later.items():
        diff[field] = [diff[field][0] if field in diff else was, now]
