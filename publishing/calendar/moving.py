"""Where a publication may be moved, told before somebody does it. `slots` decides; the verb decides once more."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.humanize.templatetags.humanize import naturaltime
from django.utils import timezone

from publishing import slots
from publishing.calendar.periods import Period
from publishing.models import Publication
from publishing.models.queue import possible, require_near
from publishing.models.states import State
from sophia import moments
from sophia.refusals import Refused, WantsReason

TYPED = "%Y-%m-%dT%H:%M"


def proposed(found: Publication, now: datetime) -> datetime:
    """What a form offers first: the time it has, or for one that did not go out the next free slot."""
    if found.state == State.QUEUED and found.publish_at > now:
        return found.publish_at
    return slots.next_free(found.account, now + timedelta(minutes=5), [found.pk])


def closed(found: Publication, period: Period) -> list[dict[str, Any]]:
    return [
        {"from": each.start.isoformat(), "until": each.until.isoformat(), "because": each.because}
        for each in slots.closed(found.account, period.start, period.end, [found.pk])
    ]


def wanted(found: Publication, at: str, onto: str, zone: ZoneInfo) -> datetime:
    """`at` on the client's clock, or the same time as now `onto` another day of the clock of `zone`."""
    if not onto:
        return moments.parse(at, found.account.client.zone)
    try:
        chosen = date.fromisoformat(onto)
    except ValueError:
        raise Refused(f"“{onto}” is not a day.") from None
    local = found.publish_at.astimezone(zone).replace(second=0, microsecond=0, tzinfo=None)
    return moments.within_horizon(moments.on_the_clock(datetime.combine(chosen, local.time()), zone))


def answer(found: Publication, at: datetime) -> dict[str, Any]:
    """What would come of moving it to `at`. `because`: why not; `never`: breaking the cadence would not help."""
    now, account = timezone.now(), found.account
    said = told(found, at) | {"never": False, "because": "", "next": None}
    try:
        possible(account, now, at)
        require_near(account, now, at, although="")
    except Refused as refused:
        because = refused.ALONE if isinstance(refused, WantsReason) else str(refused)
        return said | {"never": True, "because": because}
    because = slots.why_not(account, at, [found.pk])
    free = told(found, slots.next_free(account, at, [found.pk])) if because else None
    return said | {"because": because, "next": free}


def told(found: Publication, at: datetime) -> dict[str, Any]:
    local = found.account.local(at)
    ago = naturaltime(at).replace("\xa0", " ")
    return {"at": local.isoformat(), "typed": local.strftime(TYPED), "clock": found.account.clock(at), "ago": ago}
