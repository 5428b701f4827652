"""What a channel is given to say: one notice, or many in one message."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings

from sophia.moments import on_their_clock

if TYPE_CHECKING:
    from sophia.notifications.models import Notice

SUBJECT_MAX = 120
LINE_MAX = 240
LISTED = 30
"""Notices that one message lists; of the others it tells the number."""
OVERVIEW = "/notices/"
"""Where the desk shows the latest notices."""


@dataclass(frozen=True)
class Message:
    """`subject` is one line. `tail` (client and link) is kept whole, however much of `text` has to go."""

    subject: str
    text: str
    tail: str

    def fitted(self, limit: int, size: Callable[[str], int] = len) -> str:
        """Text and tail, the text cut with “…” so that `size` of both is within `limit`."""
        whole = f"{self.text}\n\n{self.tail}"
        if size(whole) <= limit:
            return whole
        kept = bisect_right(range(len(self.text)), limit, key=lambda end: size(self.cut(end))) - 1
        return self.cut(max(kept, 0))

    def cut(self, end: int) -> str:
        return f"{self.text[:end].rstrip()}…\n\n{self.tail}"


def of_one(notice: "Notice") -> Message:
    tail = absolute(notice.link or OVERVIEW)
    if notice.client:
        tail = f"Client: {one_line(notice.client.name, LINE_MAX)}\n{tail}"
    mark = "Urgent: " if notice.urgent else ""
    return Message(one_line(mark + notice.sentence, SUBJECT_MAX), mark + printable(notice.sentence), tail)


def of_many(notices: Sequence["Notice"], because: str, zone: ZoneInfo) -> Message:
    """The urgent first, then in order. `because` says why they come together. What is of no client is told on the clock
    of `zone`, that of whoever reads it."""
    ordered = sorted(notices, key=lambda notice: not notice.urgent)
    lines = [because, "", *(line_of(notice, zone) for notice in ordered[:LISTED])]
    if len(notices) > LISTED:
        lines.append(f"… and {len(notices) - LISTED} more.")
    return Message(f"{len(notices)} notices from Sophia", "\n".join(lines), absolute(OVERVIEW))


def line_of(notice: "Notice", zone: ZoneInfo) -> str:
    mark = "Urgent: " if notice.urgent else ""
    client = f"{notice.client.name}: " if notice.client else ""
    when = on_their_clock(notice.created_at, notice.client.zone if notice.client else zone)
    return f"{when}  {one_line(mark + client + notice.sentence, LINE_MAX)}"


def test_message(name: str) -> Message:
    return Message("A test from Sophia", f"This is a test of “{name}”. Notices arrive here.", absolute(OVERVIEW))


def absolute(link: str) -> str:
    return f"{settings.SOPHIA_PUBLIC_URL}{link}" if link.startswith("/") else link


def printable(text: str) -> str:
    """Line breaks stay; what steers a terminal, a mail header or the direction of writing goes."""
    kept = (char if char == "\n" or char.isprintable() else " " if char.isspace() else "" for char in text)
    return "".join(kept).strip()


def one_line(text: str, limit: int) -> str:
    line = " ".join(printable(text).split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"
