"""What of a draft was on the screen of whoever approved it, and on which screen."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import QueryDict

from publishing.forms import row_number

if TYPE_CHECKING:
    from approval.clientlinks.models import Comment
    from approval.models import Draft

PARTS = ("text", "images", "alt texts")


@dataclass(frozen=True)
class Seen:
    """`measured`: the parts that were in sight, as the page's script found it. None: there was no script. `comments`:
    those of the client that stood beside the button. None: as many as there are."""

    screen: str = ""
    measured: Collection[str] | None = None
    comments: Collection[int] | None = None

    def includes(self, comment: "Comment") -> bool:
        return self.comments is None or comment.pk in self.comments

    def document(self, draft: "Draft") -> dict[str, Any]:
        """As a decision keeps it. `parts`: what the screen showed whole."""
        parts = parts_of(draft) if self.screen else []
        kept: dict[str, Any] = {"screen": self.screen or "none", "parts": parts}
        return kept if self.measured is None else kept | {"in_sight": [one for one in parts if one in self.measured]}


UNSEEN = Seen()
"""Where no screen of ours showed anything: a command, a script."""


def parts_of(draft: "Draft") -> list[str]:
    pictured = draft.pictures.exists()
    return [part for part in PARTS if (draft.text or draft.link if part == "text" else pictured)]


def on(screen: str, typed: QueryDict, suffix: str = "") -> Seen:
    """As a form tells it: `in_sight` is written by the script, `heard` stands in the page."""
    sight = typed.get(f"in_sight{suffix}", "")
    heard: Sequence[int | None] = [
        row_number(text) for texts in typed.getlist(f"heard{suffix}") for text in texts.split(",")
    ]
    return Seen(screen, sight.split(",") if sight else None, [pk for pk in heard if pk is not None])
