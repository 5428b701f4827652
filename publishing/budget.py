"""How many calls and posts an account has left. Counted from the ledger, and from what workers do at this moment.

Facebook: calls in any hour. Instagram: posts in any 24 hours, and calls only where the account sets a limit (its limit
of calls is not documented, platforms.md D). The figures that platforms name only ever lower it.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.db.models import Count, F, Q, QuerySet

from publishing.models import pace
from publishing.models.account import SocialAccount
from publishing.models.states import Mode, State

if TYPE_CHECKING:
    from publishing.models.attempt import Attempt
    from publishing.models.call import CallQuerySet
    from publishing.models.flight import Flight

HOUR = timedelta(hours=1)
DAY = timedelta(hours=24)
SOON = timedelta(seconds=5)
"""Until an account that keeps its share of the workers busy is asked again."""
RESERVE = 0.2
"""The part of an hour's calls that is kept for publishing and taking down."""


@dataclass(frozen=True)
class Room:
    """`until`: when enough has left the window. `because`: a sentence, empty when it is free."""

    free: bool
    until: datetime | None = None
    because: str = ""


FREE = Room(True)


@dataclass(frozen=True)
class Work:
    """One publication that a worker prepares or sends now. None of its calls is in the ledger yet."""

    publication: int
    ahead: bool
    prepared: bool
    images: int


def room(account: SocialAccount, now: datetime, publication: "Flight") -> Room:
    """Whether calls and posts are left for `publication`. At most ten queries, whatever the ledger holds.
    A person who posts by hand makes no calls.

    For the claim, which holds the account's lock: of two workers one takes the last call, and the other sees it taken.
    """
    if publication.mode == Mode.MANUAL:
        return FREE
    if held := account.posts_held(now):
        return Room(False, held.until, held.because)
    works = under_way(account, now, publication)
    if publication.state == State.QUEUED and len(works) >= share_of_workers():
        return Room(False, now + SOON, f"{account} keeps {len(works)} workers busy: the others are for other accounts.")
    calls = room_for_calls(account, now, publication, works)
    return room_for_post(account, now, publication, works) if calls.free else calls


def share_of_workers() -> int:
    """A platform that hangs for one account never takes them all."""
    return (settings.SOPHIA_WORKERS + 1) // 2


def ample(accounts: Collection[SocialAccount], now: datetime) -> set[int]:
    """For lists: those that surely have room for one more post, whatever it is. Five queries for any number of them;
    only the others must be asked one by one."""
    quiet = set(SocialAccount.objects.posts_held(now).order_by().values_list("pk", flat=True))
    calls = counted("Call", Q(account__in=accounts, at__gt=now - HOUR))
    sent = counted("Call", Q(account__in=accounts, at__gt=now - DAY, verb="publish"))
    out = counted("Publication", Q(account__in=accounts, published_at__gt=now - DAY))
    claimed = Q(state__in=[State.PUBLISHING, State.UNCONFIRMED]) | Q(state=State.QUEUED, claimed_until__gt=now)
    busy = counted("Publication", Q(claimed, account__in=accounts))
    return {
        account.pk
        for account in accounts
        for works in [busy[account.pk] + 1]
        if account.pk not in quiet
        and calls[account.pk] + works * dearest(account) <= (calls_per_hour(account) or math.inf)
        and sent[account.pk] + out[account.pk] + works <= (posts_per_day(account) or math.inf)
    }


def counted(model: str, which: Q) -> Counter[int]:
    """How many rows each account has."""
    rows = apps.get_model("publishing", model)._base_manager.filter(which).order_by()
    return Counter(dict(rows.values_list("account").annotate(Count("pk"))))


def dearest(account: SocialAccount) -> int:
    """What a post with as many images as there may be costs from its beginning."""
    return cost(account, Work(0, ahead=False, prepared=False, images=account.limits.images))


def under_way(account: SocialAccount, now: datetime, publication: "Flight") -> list[Work]:
    """Those that send are looked up by their state, because there are no more of them than workers; those that
    prepare ahead by their time, which is near."""
    claims = attempts_of_others(publication).filter(
        ended_at=None, token=F("publication__claim_token"), publication__claimed_until__gt=now
    )
    near = (now - 2 * settings.SOPHIA_LEASE, now + max(2 * settings.SOPHIA_PREPARE_AHEAD, pace.LONGEST))
    sending = claims.filter(publication__state=State.PUBLISHING)
    preparing = claims.filter(ahead=True, publication__account=account, publication__publish_at__range=near)
    facts = ("publication_id", "publication__account_id", "ahead", "started_at", "committing_at")
    return [
        Work(pk, ahead, started_at == committing_at, images)
        for rows in (sending, preparing)
        for pk, owner, ahead, started_at, committing_at, images in rows.values_list(*facts).annotate(
            Count("publication__pictures")
        )
        if owner == account.pk
    ]


def attempts_of_others(publication: "Flight | None") -> "QuerySet[Attempt]":
    rows = apps.get_model("publishing.Attempt")._base_manager.order_by()
    return rows.exclude(publication=publication.pk) if publication else rows


def room_for_calls(account: SocialAccount, now: datetime, publication: "Flight", works: list[Work]) -> Room:
    limit = calls_per_hour(account)
    if limit is None:
        return FREE
    own = Work(publication.pk, False, publication.reference is not None, publication.pictures.count())
    # What alone needs more than the limit goes when nothing else does.
    needed = min(cost(account, own), limit) + sum(cost(account, work) for work in works)
    made = calls_made(account, now)
    surplus = made.count() + needed - limit
    if surplus <= 0:
        return FREE
    leaving = made.order_by("at").values_list("at", flat=True)[surplus - 1 : surplus].first()
    because = f"{account} may make {limit} calls in an hour, and too few of them are left."
    return Room(False, (leaving or now) + HOUR, because)


def can_spare(account: SocialAccount, now: datetime) -> bool:
    """Whether a call that may wait would leave enough of this hour's to those that may not."""
    limit = calls_per_hour(account)
    return limit is None or limit - calls_made(account, now).count() >= limit * RESERVE


def calls_made(account: SocialAccount, now: datetime) -> "CallQuerySet":
    """In the last hour, also those that were refused: they count too."""
    return account.calls.filter(at__gt=now - HOUR)


def calls_per_hour(account: SocialAccount) -> int | None:
    """None where there is no limit to keep."""
    if account.platform == SocialAccount.PlatformName.FACEBOOK:
        return account.calls_per_hour or settings.SOPHIA_FACEBOOK_CALLS_PER_HOUR
    return account.calls_per_hour or None


def cost(account: SocialAccount, work: Work) -> int:
    """How many calls it makes, from its claim on, when nothing goes wrong."""
    platform, direct = account.platform_class, bool(account.direct_since)
    prepare = 0 if work.prepared else platform.calls_to_prepare(work.images, direct)
    return prepare if work.ahead else prepare + platform.calls_to_commit(work.images, direct)


def room_for_post(account: SocialAccount, now: datetime, publication: "Flight", works: list[Work]) -> Room:
    limit = posts_per_day(account)
    if limit is None:
        return FREE
    posts = sorted(posted(account, now, publication, works))
    surplus = len(posts) + 1 - limit
    if surplus <= 0:
        return FREE
    because = f"{account} may post {limit} times in 24 hours, and has."
    return Room(False, (posts[surplus - 1] if surplus <= len(posts) else now) + DAY, because)


def posts_per_day(account: SocialAccount) -> int | None:
    """The lower of ours and the platform's. None where there is no limit to keep."""
    if account.platform != SocialAccount.PlatformName.INSTAGRAM:
        return None
    ours = account.posts_per_day or settings.SOPHIA_INSTAGRAM_POSTS_PER_DAY
    return ours if account.quota_total is None else min(ours, account.quota_total)


def posted(
    account: SocialAccount, now: datetime, publication: "Flight | None" = None, works: Sequence[Work] = ()
) -> list[datetime]:
    """When each of the account's other posts of these 24 hours was made, or may have been. One for each publication.

    The ledger has the calls that were not refused. A worker that was killed in between wrote none: what it sent is
    published by now, or nobody knows. What others are sending counts as made now.
    """
    since = now - DAY
    calls = account.calls.filter(at__gt=since, verb="publish", code=None).order_by()
    if publication:
        calls = calls.exclude(publication=publication.pk)
    committed = attempts_of_others(publication).filter(committing_at__isnull=False)
    public = committed.filter(publication__account=account, publication__published_at__gt=since)
    doubtful = committed.filter(publication__state__in=[State.PUBLISHING, State.UNCONFIRMED], committing_at__gt=since)
    unsure = doubtful.values_list("publication_id", "committing_at", "publication__account_id")
    sent: dict[int | None, list[Any]] = defaultdict(list)
    for work in works:
        sent[work.publication] += [] if work.ahead else [now]
    for pk, at in [
        *calls.values_list("publication_id", "at"),
        *public.values_list("publication_id", "publication__published_at"),
        *((pk, at) for pk, at, owner in unsure if owner == account.pk),
    ]:
        sent[pk].append(at)
    nameless = sent.pop(None, [])
    return [*(max(moments) for moments in sent.values() if moments), *nameless]
