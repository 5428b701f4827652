"""The checks ahead of time: what would keep a publication from going out, as sentences, each with what to do."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Count
from django.utils import timezone

from publishing import budget, slots
from publishing.models import Publication, SocialAccount
from publishing.models.preflight import LAST_CALL, Findings
from publishing.models.states import Mode
from publishing.platforms.base import Health, Kind, PlatformError
from publishing.reachability import Fetching
from sophia import people

AT_ONCE = 50
"""Publications of one account that one job checks. The next one goes on."""
TIME = 30.0
"""Seconds after which a job begins no other check: it is stopped at 60."""
LATER = timedelta(minutes=10)
"""When an account is asked again that could not be asked now."""
RECONNECT = "Connect the account again, with a fresh token."
REWRITE = "Reopen its draft, correct it and approve it again."


@dataclass(frozen=True)
class Finding:
    check: str
    sentence: str
    to_do: str


@dataclass
class Look:
    """What one job knows of the account. One examination serves all that it checks."""

    account: SocialAccount
    health: Health | None = None
    refused: str = ""
    fetching: Fetching = field(default_factory=Fetching)


def run(account: SocialAccount) -> None:
    """Every check of this account that is due."""
    began, now = monotonic(), timezone.now()
    due = Publication.objects.to_preflight(now).filter(account=account).order_by("publish_at")[:AT_ONCE]
    claimed = [publication for publication in due if publication.claim_preflight(now)]
    if not claimed:
        return
    look, again = ask(account, now)
    for publication in claimed:
        if again and again < publication.publish_at - LAST_CALL:
            publication.postpone_preflight(again)
        elif monotonic() - began < TIME:
            publication.account = account
            publication.keep_preflight(findings(publication, look))


def ask(account: SocialAccount, now: datetime) -> tuple[Look, datetime | None]:
    """What the platform says about the account; or when to ask again, where it says nothing now."""
    if not account.is_healthy:
        return Look(account), None
    try:
        return Look(account, account.examine()), None
    except PlatformError as error:
        if error.kind in {Kind.AUTH, Kind.REJECTED}:
            return Look(account, refused=str(error)), None
        return Look(account), account.throttled_after(now) or now + LATER


def findings(publication: Publication, look: Look) -> Findings:
    checks = BY_HAND if publication.mode == Mode.MANUAL else CHECKS
    return [asdict(finding) for check in checks for finding in check(publication, look)]


def token(publication: Publication, look: Look) -> Iterator[Finding]:
    account = look.account
    if look.refused:
        yield Finding("token", look.refused, RECONNECT)
    elif not account.is_healthy:
        yield Finding("token", f"{account} must be reconnected: {account.needs_reconnect_because}", RECONNECT)
    elif account.ends_at and account.ends_at <= publication.publish_at:
        yield Finding("token", f"{account.ends} That is before this post goes out.", RECONNECT)


def scopes(publication: Publication, look: Look) -> Iterator[Finding]:
    if look.health and (lacking := look.account.lacks(look.health)):
        yield Finding("scopes", lacking, RECONNECT)


def posts(publication: Publication, look: Look) -> Iterator[Finding]:
    """Posts in the 24 hours before its time: those of them that are out, and those that are planned."""
    account, at, limit = look.account, publication.publish_at, budget.posts_per_day(look.account)
    if limit is None:
        return
    ours = slots.near(account, at - budget.DAY, at, [publication.pk])
    if max(len(ours), on_the_platform(publication, look, ours)) >= limit:
        said = f"{account} may post {limit} times in 24 hours, and will have when this post is due."
        yield Finding("quota", said, "Move it, or another one, to a later time.")


def on_the_platform(publication: Publication, look: Look, ours: list[datetime]) -> int:
    """The platform's own count, which knows also of posts that others made: as it will be at that time."""
    now, since = timezone.now(), publication.publish_at - budget.DAY
    if not look.health or not look.health.quota or since >= now:
        return 0
    leaving = look.account.publications.filter(published_at__range=(now - budget.DAY, since)).count()
    return look.health.quota.used - leaving + sum(moment > now for moment in ours)


def calls(publication: Publication, look: Look) -> Iterator[Finding]:
    """Calls in the hour before its time, of what is planned then."""
    account, at, limit = look.account, publication.publish_at, budget.calls_per_hour(look.account)
    if limit is None:
        return
    near = Publication.objects.waiting().filter(account=account, publish_at__range=(at - budget.HOUR, at))
    counts = near.exclude(pk=publication.pk).annotate(images=Count("pictures")).values_list("images", flat=True)
    own = cost(account, len(publication.framed()))
    if own <= limit < own + sum(cost(account, images) for images in counts):
        said = f"{account} may make {limit} calls in an hour, which is too few for all that is planned then."
        yield Finding("calls", said, "Move some of them to another hour.")


def cost(account: SocialAccount, images: int) -> int:
    return budget.cost(account, budget.Work(0, ahead=False, prepared=False, images=images))


def media(publication: Publication, look: Look) -> Iterator[Finding]:
    for problem in publication.problems():
        yield Finding("media", problem, REWRITE)


def approval(publication: Publication, look: Look) -> Iterator[Finding]:
    if damage := publication.damage():
        yield Finding("approval", f"Changed since approval: {damage}.", REWRITE)


def addresses(publication: Publication, look: Look) -> Iterator[Finding]:
    """Where the platform fetches images itself: what stands at their public address."""
    if look.account.platform_class.fetches_images and (why := look.fetching.why_not(publication)):
        to_do = "Correct SOPHIA_PUBLIC_URL, or the proxy in front of Sophia: docs/operating.md."
        yield Finding("images", f"{look.account.get_platform_display()} could not fetch its images: {why}", to_do)


def shown(publication: Publication, user: User) -> dict[str, Any]:
    """The part of the publication's page that looks ahead."""
    now, waits = timezone.now(), Publication.objects.waiting().contains(publication)
    at = publication.preflight_at if waits and publication.publish_at > now else None
    return {
        "preflight": publication.preflights.last() if waits else None,
        "preflight_at": at,
        "being_checked": at is not None and at <= now + settings.SOPHIA_LEASE,
        "may_check": waits and publication.publish_at > now and user.has_perm(people.OPERATE),
    }


Check = Callable[[Publication, Look], Iterator[Finding]]
CHECKS: tuple[Check, ...] = (token, scopes, posts, calls, media, approval, addresses)
BY_HAND: tuple[Check, ...] = (media, approval)
"""A person who posts by hand needs neither token nor quota."""
