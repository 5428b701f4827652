"""May this publication go out now? One ordered list of checks, asked by the claim and shown to people."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from publishing.models.pause import Pause

if TYPE_CHECKING:
    from publishing.models.flight import Flight


@dataclass(frozen=True)
class Go:
    """Nothing in the way."""


@dataclass(frozen=True)
class Hold:
    """Not now. It stays queued and is asked again."""

    because: str


@dataclass(frozen=True)
class Stop:
    """Not any more. `how` is the publication's transition that records it."""

    because: str
    how: str


Verdict = Go | Hold | Stop
Gate = Callable[["Flight", datetime], Verdict]


def once(publication: "Flight", now: datetime) -> Verdict:
    return Stop("It has been published before. Nothing was sent.", "stop") if publication.has_been_out else Go()


def seal(publication: "Flight", now: datetime) -> Verdict:
    damage = publication.damage()
    return Stop(f"Changed since approval: {damage}", "stop") if damage else Go()


def pause(publication: "Flight", now: datetime) -> Verdict:
    holding = Pause.objects.holding(publication.account).first()
    return Hold(f"{holding.scope} is paused by {holding.started_by}: {holding.reason}") if holding else Go()


def account_health(publication: "Flight", now: datetime) -> Verdict:
    account = publication.account
    return Go() if account.is_healthy else Hold(f"{account} must be reconnected: {account.needs_reconnect_because}")


def lateness(publication: "Flight", now: datetime) -> Verdict:
    """Counted from the time that a person chose, not from the next try."""
    limit = publication.account.client.lateness_limit
    if now - publication.slot_at <= limit:
        return Go()
    return Stop(f"Its time passed by more than {limit.total_seconds() / 60:g} minutes.", "miss")


GATES: tuple[tuple[str, Gate], ...] = (
    ("Published before", once),
    ("Approval seal", seal),
    ("Pause", pause),
    ("Account", account_health),
    ("Lateness", lateness),
)


def first_closed(publication: "Flight", now: datetime) -> Hold | Stop | None:
    for _, gate in GATES:
        verdict = gate(publication, now)
        if not isinstance(verdict, Go):
            return verdict
    return None
