"""What `prepare` has made so far, step by step. Whoever calls commits each step before the next one begins, so that the
next run goes on from there, and nothing that exists is made twice.

A step has a name that only its platform understands: `photo-3`, `child-2`, `container`, `post`.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from publishing.platforms.failures import PlatformError


class Journal(Protocol):
    """Every method but `known` and `is_ready` writes, and may refuse to: then nothing more may be made."""

    def known(self, name: str) -> str:
        """The platform's id of what this step made, or nothing."""

    def is_ready(self, name: str) -> bool:
        """Whether the platform was done with it when it was last asked."""

    def intend(self, name: str, size: int = 0) -> None:
        """The call that creates it leaves next, with so many bytes. Its answer may be lost."""

    def keep(self, name: str, external_id: str, milliseconds: int = 0) -> None:
        """It exists."""

    def ready(self, name: str) -> None:
        """The platform is done with it."""

    def refused(self, name: str) -> None:
        """The call has made nothing, for certain."""

    def drop(self, name: str) -> None:
        """It is no use any more: the platform has lost it, or failed with it. The next run makes another."""


@dataclass
class Notebook:
    """A journal that is kept in memory: for rehearsals, and for whoever goes through with it at once."""

    ids: dict[str, str] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)

    def known(self, name: str) -> str:
        return self.ids.get(name, "")

    def is_ready(self, name: str) -> bool:
        return name in self.done

    def intend(self, name: str, size: int = 0) -> None:
        """Nobody reads it."""

    def keep(self, name: str, external_id: str, milliseconds: int = 0) -> None:
        self.ids[name] = external_id

    def ready(self, name: str) -> None:
        self.done.add(name)

    def refused(self, name: str) -> None:
        """Nobody reads it."""

    def drop(self, name: str) -> None:
        self.ids.pop(name, None)
        self.done.discard(name)


def make(journal: Journal, name: str, create: Callable[[], str], size: int = 0) -> str:
    """The id of this step: as it was made before, or made now."""
    if known := journal.known(name):
        return known
    journal.intend(name, size)
    start = time.monotonic()
    try:
        external_id = create()
    except PlatformError as refused:
        if refused.made_nothing:
            journal.refused(name)
        raise
    journal.keep(name, external_id, round((time.monotonic() - start) * 1000))
    return external_id
