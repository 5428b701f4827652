"""The one way from an account to its platform, and what the platform says about being called too often."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from publishing import platforms
from publishing.models.app_throttle import AppThrottle, platforms_of
from publishing.platforms.base import Credentials, Health, Kind, Platform, PlatformError, Scope
from publishing.platforms.errors import throttle_in
from sophia.notifications.announce import announce

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from publishing.models.call import Call, CallQuerySet
    from publishing.models.client import Client
    from publishing.models.waking import Waking

    class CallManager(RelatedManager[Call], CallQuerySet): ...  # type: ignore[misc]


THROTTLE = ["throttled_until", "throttled_because"]
RESTRICTION = ["restricted_until", "restricted_because"]
WORDS = {"throttled": "be called", "restricted": "publish"}
Apps = Mapping[str, AppThrottle]
Told = tuple[Scope, datetime, str]
"""What a platform wants nothing of, until when, and its sentence about it."""
ILL = {"account.needs_reconnect", "account.expiring"}
BLOCK = timedelta(days=1)
"""How long a platform blocks an account for more than its calls (platforms.md C4)."""


@dataclass(frozen=True, order=True)
class Held:
    """By what its platform said. `because` is a whole sentence, with the time."""

    until: datetime
    because: str


class Reach(models.Model):
    """The part of SocialAccount that calls."""

    throttled_until = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Nothing of it is called before, but to take a post down."
    )
    throttled_because = models.TextField(blank=True, editable=False)
    restricted_until = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Nothing of it is published before. It may be read."
    )
    restricted_because = models.TextField(blank=True, default="", db_default="", editable=False)

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        client: Client
        client_id: int
        platform: str
        through: str
        external_id: str
        token: str
        direct_since: datetime | None

        @property
        def label(self) -> str: ...

        @property
        def calls(self) -> "CallManager": ...
        def clock(self, moment: datetime) -> str: ...

    @contextmanager
    def reaching(self, publication: "Waking | None" = None, *, even_throttled: bool = False) -> Iterator[Platform]:
        """The platform, for calls that are about `publication`. Whatever comes of them, they are written to the ledger
        on the way out, and a throttle that the platform named is kept. Never inside a transaction.

        PlatformError as `reach` raises it, and whatever the calls raise.
        """
        platform = self.reach(even_throttled=even_throttled)
        named: list[Told] = []
        try:
            yield platform
        except PlatformError as error:
            if throttle := throttle_in(error):
                named.append((throttle.scope, timezone.now() + throttle.wait, throttle.because))
            raise
        finally:
            self.take_notice(platform, publication, named)

    def reach(self, *, even_throttled: bool = False) -> Platform:
        """The platform, with this account's token. Nothing is written down of what it is asked: use `reaching`.

        PlatformError (WAIT) while its calls are held: calling on would lengthen it. PlatformError (AUTH) when
        today's keys do not decrypt the token: the field then holds the ciphertext (stack.md, section 4), which must
        go nowhere.
        """
        if not even_throttled:
            self.require_unthrottled()
        if self.token.startswith("gAAAA"):
            said = f"The token of {self.label} cannot be decrypted: FIELD_ENCRYPTION_KEY has changed."
            raise PlatformError(Kind.AUTH, said)
        app = f"{settings.SOPHIA_APP_ID}|{settings.SOPHIA_APP_SECRET}" if settings.SOPHIA_APP_ID else ""
        ours = Credentials(self.external_id, self.token, bool(self.direct_since), app)
        return platforms.reach(self.platform, ours, self.through)

    def require_unthrottled(self) -> None:
        now = timezone.now()
        if self.pk:  # Another worker may have been told a moment ago.
            self.refresh_from_db(fields=THROTTLE)
        if held := self.calls_held(now):
            raise PlatformError(Kind.WAIT, held.because, wait=held.until - now, throttles=True)

    def throttled_after(self, now: datetime) -> datetime | None:
        """Until when it may not be called, or None when it may."""
        held = self.calls_held(now)
        return held.until if held else None

    def calls_held(self, now: datetime, apps: Apps | None = None) -> Held | None:
        """By what its platform said about its calls, or those of its app: what ends last. `apps`: where all are known
        (AppThrottleQuerySet.by_app)."""
        return max(filter(None, [self.told("throttled", now), self.told_to_app(now, apps)]), default=None)

    def posts_held(self, now: datetime, apps: Apps | None = None) -> Held | None:
        """By what its platform said about its posts, or about its calls: what ends last."""
        return max(filter(None, [self.told("restricted", now), self.calls_held(now, apps)]), default=None)

    def told(self, what: str, now: datetime) -> Held | None:
        until, because = getattr(self, f"{what}_until"), getattr(self, f"{what}_because")
        return self.held(what, until, because) if until and until > now else None

    def told_to_app(self, now: datetime, apps: Apps | None) -> Held | None:
        app = platforms.app_of(self.platform)
        row = AppThrottle.objects.in_force(now).filter(app=app).first() if apps is None else apps.get(app)
        return self.held("throttled", row.until, row.because) if row else None

    def held(self, what: str, until: datetime, because: str) -> Held:
        return Held(until, f"{self} may not {WORDS[what]} before {self.clock(until)}. {because}")

    def take_notice(
        self,
        platform: Platform,
        publication: "Waking | None" = None,
        named: Sequence[Told] = (),
    ) -> None:
        """Of all that was asked of `platform`: a row in the ledger for each call, and what it wants nothing of."""
        if not self.pk or not platform.calls:
            return
        self.calls.record(self, publication, platform.calls)
        told = [
            (throttle.scope, call.answered_at + throttle.wait, throttle.because)
            for call in platform.calls
            for throttle in call.throttles
        ]
        longest = {scope: (until, because) for scope, until, because in sorted([*told, *named])}
        for scope, verb in VERBS.items():
            if scope in longest:
                verb(self, *longest[scope])

    def throttle(self, until: datetime, because: str) -> None:
        """Nothing of this account is called before `until`."""
        self.lengthen("throttled", until, because)

    def restrict(self, until: datetime, because: str) -> None:
        """Nothing of this account is published before `until`. It may be read, and taken down."""
        self.lengthen("restricted", until, because)

    def lengthen(self, what: str, until: datetime, because: str) -> None:
        """It only lengthens, and is told once."""
        now, ends = timezone.now(), f"{what}_until"
        if until <= now:
            return
        row, values = type(self)._base_manager.filter(pk=self.pk), {ends: until, f"{what}_because": because}
        with transaction.atomic():
            if row.filter(Q(**{ends: None}) | Q(**{f"{ends}__lte": now})).update(**values):
                long = until - now > self.client.lateness_limit
                self.say("account.throttled", self.held(what, until, because).because, urgent=long)
            else:
                row.filter(**{f"{ends}__lt": until}).update(**values)
        self.refresh_from_db(fields=list(values))

    def throttle_app(self, until: datetime, because: str) -> None:
        """Nothing of any account of its app is called before `until`. Told once, not once per account."""
        now, app = timezone.now(), platforms.app_of(self.platform)
        if until <= now:
            return
        with transaction.atomic():
            if AppThrottle.objects.lengthen(app, until, because):
                self.tell_app(platforms_of(app), until, because, until - now)

    def tell_app(self, names: Sequence[str], until: datetime, because: str, wait: timedelta) -> None:
        everybody: models.QuerySet[Any] = type(self)._base_manager.all()
        accounts = everybody.filter(platform__in=names).select_related("client")
        clients = {account.client for account in accounts}
        zones = {client.timezone for client in clients}
        at = self.clock(until) if len(zones) == 1 else f"{until:%a %d %b %H:%M} UTC"
        many = f"{len(accounts)} accounts wait" if len(accounts) > 1 else f"{self} waits"
        long = wait > min(client.lateness_limit for client in clients)
        said = f"The app may not call before {at}, so {many}. {because}"
        announce("app.throttled", said, link=reverse("publishing:queue"), urgent=long)

    def say(self, kind: str, sentence: str, *, urgent: bool = False) -> None:
        """A notice about this account. It leads to what waits for it, or to where it stands while it is ill."""
        waiting = f"{reverse('publishing:queue')}?client={self.client_id}"
        link = f"{reverse('home')}#accounts" if kind in ILL else waiting
        announce(kind, sentence, link=link, urgent=urgent, client=self.client_id)

    def keep_throttle(self, platform: Platform, health: Health) -> None:
        """As it is in the database now, or none where the platform shows that there is room."""
        names = (*THROTTLE, *RESTRICTION)
        for name, value in (
            type(self)._base_manager.select_for_update(no_key=True).values(*names).get(pk=self.pk).items()
        ):
            setattr(self, name, value)
        if self.shows_room(platform, health):
            self.throttled_until, self.throttled_because = None, ""
        if shows_room_for_app(platform):
            AppThrottle.objects.lift(platforms.app_of(self.platform))

    def shows_room(self, platform: Platform, health: Health) -> bool:
        shown = any(call.usage is not None for call in platform.calls)
        if not shown or any(call.throttles for call in platform.calls):
            return False
        if health.quota and health.quota.used >= health.quota.total:
            return False
        return not self.calls.blocked_since(timezone.now() - BLOCK).exists()


def shows_room_for_app(platform: Platform) -> bool:
    """Only the figure of the app tells. That of one account says nothing about the others."""
    shown = any(call.app_usage is not None for call in platform.calls)
    refused = any(throttle.scope == Scope.APP for call in platform.calls for throttle in call.throttles)
    return shown and not refused


VERBS = {Scope.APP: Reach.throttle_app, Scope.CALLS: Reach.throttle, Scope.POSTS: Reach.restrict}
