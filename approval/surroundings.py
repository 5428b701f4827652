"""The slot a draft takes, and the posts of its account around it. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from approval.models import Draft
from publishing.models import Publication, SocialAccount
from publishing.slots import PLANNED

CLOSE = timedelta(hours=1)


@dataclass(frozen=True)
class Neighbour:
    publication: Publication
    at: datetime
    apart: timedelta
    """From the slot, whichever comes first."""

    @property
    def is_close(self) -> bool:
        return self.apart < CLOSE


@dataclass(frozen=True)
class Around:
    slot: datetime
    before: Neighbour | None
    after: Neighbour | None

    def close(self) -> list[Neighbour]:
        return [neighbour for neighbour in (self.before, self.after) if neighbour and neighbour.is_close]


def around(found: Draft, free: dict[str, Any]) -> Around:
    """`free`: the slots that the cadence gives it, where there is one."""
    slot = slot_of(found, free)
    own = [found.publication_id] if found.publication_id else []
    return beside(found.account, slot, own)


def slot_of(found: Draft, free: dict[str, Any]) -> datetime:
    if found.publication:
        return found.publication.published_at or found.publication.publish_at
    return (free and (free["suggested"] or free["now"])) or found.planned_at


def beside(account: SocialAccount, slot: datetime, besides: list[int]) -> Around:
    rows = standing().filter(account=account).exclude(pk__in=besides).select_related("draft")
    before = rows.filter(publish_at__lte=slot).order_by("-publish_at", "-pk").first()
    after = rows.filter(publish_at__gt=slot).order_by("publish_at", "pk").first()
    return Around(slot, neighbour(before, slot), neighbour(after, slot))


def standing() -> QuerySet[Publication]:
    """What is out, and what will be."""
    return Publication.objects.filter(state__in=[*PLANNED, Publication.State.PUBLISHED])


def close_to(slots: Sequence[tuple[int, datetime]]) -> list[list[Neighbour]]:
    """For each (account, slot) the posts of the account within the hour. One query."""
    moments = [slot for _, slot in slots]
    rows = standing().filter(account__in={account for account, _ in slots})
    near = list(rows.filter(publish_at__range=(min(moments) - CLOSE, max(moments) + CLOSE))) if moments else []
    return [
        [other for row in near if row.account_id == account and (other := neighbour(row, slot)) and other.is_close]
        for account, slot in slots
    ]


def neighbour(publication: Publication | None, slot: datetime) -> Neighbour | None:
    if publication is None:
        return None
    at = publication.published_at or publication.publish_at
    return Neighbour(publication, at, abs(at - slot))
