"""What a calendar page was asked to show: whose posts, in which zone, and when."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from publishing.calendar.periods import OneDay, Shown, asked_for, month_of, week_of
from publishing.forms import row_number
from publishing.models import Client
from sophia.membership import Person

KEPT = ("day", "week", "month", "client", "zone")
UTC = "UTC"


@dataclass(frozen=True)
class View:
    clients: list[Client]
    client: Client | None
    zone: ZoneInfo
    period: Shown
    now: datetime

    @property
    def zones(self) -> list[str]:
        return zones_of(self.clients)

    @property
    def whose(self) -> dict[str, str]:
        return {"client": str(self.client.pk)} if self.client else {"zone": self.zone.key}

    @property
    def local_today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def today(self) -> str:
        return self.link(self.period.of(self.local_today))

    def link(self, period: Shown) -> str:
        return urlencode(period.query | self.whose) if period.within_reach else ""

    @property
    def here(self) -> str:
        return self.link(self.period)

    @property
    def previous(self) -> str:
        return self.link(self.period.step(-1))

    @property
    def following(self) -> str:
        return self.link(self.period.step(1))

    @property
    def as_week(self) -> str:
        return self.link(week_of(self.middle, self.zone))

    @property
    def as_month(self) -> str:
        return self.link(month_of(self.middle, self.zone))

    @property
    def middle(self) -> date:
        """Today where it is shown, or else a day that belongs to what is shown."""
        shown = self.period.first <= self.local_today < self.period.step(1).first
        return self.local_today if shown else self.period.first

    def day_link(self, day: date) -> str:
        return self.link(OneDay(day, self.zone))


def view_of(asked: Mapping[str, str], person: Person, now: datetime) -> View:
    clients = list(Client.objects.visible_to(person))
    number = row_number(asked.get("client", ""))
    client = next((client for client in clients if client.pk == number), None)
    zone = client.zone if client else zone_of(asked.get("zone", ""), clients)
    return View(clients, client, zone, asked_for(asked, zone, now.astimezone(zone).date()), now)


def zones_of(clients: Iterable[Client]) -> list[str]:
    return sorted({client.timezone for client in clients} | {UTC})


def zone_of(named: str, clients: list[Client]) -> ZoneInfo:
    """The one that was asked for, if a client lives there, or else the one where most of them do."""
    if named in zones_of(clients):
        return ZoneInfo(named)
    counted = Counter(client.timezone for client in clients)
    return ZoneInfo(min(counted, key=lambda zone: (-counted[zone], zone), default=UTC))


def kept(asked: Mapping[str, str]) -> str:
    """What leads back to the same page of the calendar."""
    return urlencode({name: asked[name] for name in KEPT if asked.get(name)})
