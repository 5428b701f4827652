"""How many live streams one web process keeps open: each has a thread, and a connection while there is news."""

from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import aclosing

from sophia.refusals import Refused

OF_ONE = 12
"""Of a session. Pages that nobody looks at close theirs."""
OF_ALL = 200
WAIT = 60
"""Seconds."""
open_now: Counter[str] = Counter()


class Crowded(Refused):
    """No further stream for this one, or for anybody."""

    def __init__(self, message: str, status: int):
        super().__init__(message)
        self.status = status


def require_place(whose: str, most: int = OF_ONE) -> None:
    if open_now[whose] >= most:
        raise Crowded(f"You have {most} live pages open. Close one, or load this page again to see what is new.", 429)
    if open_now.total() >= OF_ALL:
        raise Crowded(f"{OF_ALL} live pages are open, as many as Sophia keeps. Load this page again later.", 503)


async def counted(whose: str, chunks: AsyncGenerator[bytes], most: int = OF_ONE) -> AsyncGenerator[bytes]:
    """Of many that are opened at the same moment, those that are too many end at once."""
    try:
        require_place(whose, most)
    except Crowded:
        return
    open_now[whose] += 1
    try:
        async with aclosing(chunks):
            async for chunk in chunks:
                yield chunk
    finally:
        open_now[whose] -= 1
        if not open_now[whose]:
            del open_now[whose]
