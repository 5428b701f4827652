"""What goes out today, client by client, each on their own day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from publishing import gates
from publishing.calendar.entries import AT, Entry, between, dated, entry_of
from publishing.models import Client
from publishing.models.states import State
from sophia.membership import Person

MOST = 60


@dataclass(frozen=True)
class ClientDay:
    client: Client
    zone: ZoneInfo
    now: datetime
    entries: list[Entry]


@dataclass(frozen=True)
class Today:
    days: list[ClientDay]
    more: int
    """Posts that did not fit."""


def today(person: Person, now: datetime) -> Today:
    day = timedelta(days=1)
    rows = between(dated(person).exclude(state=State.CANCELLED), now - day, now + day).select_related("account__client")
    ordered: Iterable[Any] = rows.order_by("account__client__name", AT, "pk")
    todays = [row for row in ordered if is_today(row.at, now, row.account.client.zone)]
    shown = todays[:MOST]
    held = gates.holding(shown, now)
    days = [
        ClientDay(client, client.zone, now, [entry_of(row, held.get(row.pk, ""), may_move=False) for row in group])
        for client, group in groupby(shown, key=lambda row: row.account.client)
    ]
    return Today(days, len(todays) - len(shown))


def is_today(at: datetime, now: datetime, zone: ZoneInfo) -> bool:
    return at.astimezone(zone).date() == now.astimezone(zone).date()
