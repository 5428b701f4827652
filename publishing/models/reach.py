"""The one way from an account to its platform, and what the platform says about being called too often."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from publishing import platforms
from publishing.platforms.base import Credentials, Health, Kind, Platform, PlatformError
from publishing.platforms.errors import throttle_in
from sophia.notifications.announce import announce

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from publishing.models.call import Call, CallQuerySet
    from publishing.models.client import Client
    from publishing.models.waking import Waking

    class CallManager(RelatedManager[Call], CallQuerySet): ...  # type: ignore[misc]


THROTTLE = ["throttled_until", "throttled_because"]
ILL = {"account.needs_reconnect", "account.expiring"}
BLOCK = timedelta(days=1)
"""How long a platform blocks an account for more than its calls (platforms.md C4)."""


class Reach(models.Model):
    """The part of SocialAccount that calls."""

    throttled_until = models.DateTimeField(null=True, blank=True, editable=False)
    throttled_because = models.TextField(blank=True, editable=False)

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
        named: list[tuple[datetime, str]] = []
        try:
            yield platform
        except PlatformError as error:
            if throttle := throttle_in(error):
                named.append((timezone.now() + throttle.wait, throttle.because))
            raise
        finally:
            self.take_notice(platform, publication, named)

    def reach(self, *, even_throttled: bool = False) -> Platform:
        """The platform, with this account's token. Nothing is written down of what it is asked: use `reaching`.

        PlatformError (WAIT) while the account is throttled: calling on would lengthen it. PlatformError (AUTH) when
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
        if until := self.throttled_after(now):
            raise PlatformError(Kind.WAIT, self.throttled(), wait=until - now, throttles=True)

    def throttled_after(self, now: datetime) -> datetime | None:
        """Until when it is throttled, or None when it is not."""
        return self.throttled_until if self.throttled_until and self.throttled_until > now else None

    def throttled(self) -> str:
        """The sentence about its last throttle."""
        assert self.throttled_until is not None
        return f"{self} may not be called before {self.clock(self.throttled_until)}. {self.throttled_because}"

    def take_notice(
        self,
        platform: Platform,
        publication: "Waking | None" = None,
        named: Sequence[tuple[datetime, str]] = (),
    ) -> None:
        """Of all that was asked of `platform`: a row in the ledger for each call, and the longest throttle of all."""
        if not self.pk or not platform.calls:
            return
        self.calls.record(self, publication, platform.calls)
        told = [
            (call.answered_at + call.throttle.wait, call.throttle.because) for call in platform.calls if call.throttle
        ]
        if told or named:
            self.throttle(*max([*told, *named]))

    def throttle(self, until: datetime, because: str) -> None:
        """Nothing of this account is called before `until`. It only lengthens, and is told once."""
        now = timezone.now()
        if until <= now:
            return
        row, values = (
            type(self)._base_manager.filter(pk=self.pk),
            {"throttled_until": until, "throttled_because": because},
        )
        with transaction.atomic():
            if row.filter(Q(throttled_until=None) | Q(throttled_until__lte=now)).update(**values):
                self.refresh_from_db(fields=THROTTLE)
                long = until - now > self.client.lateness_limit
                self.say("account.throttled", self.throttled(), urgent=long)
            else:
                row.filter(throttled_until__lt=until).update(**values)
        self.refresh_from_db(fields=THROTTLE)

    def say(self, kind: str, sentence: str, *, urgent: bool = False) -> None:
        """A notice about this account. It leads to what waits for it, or to where it stands while it is ill."""
        waiting = f"{reverse('publishing:queue')}?client={self.client_id}"
        link = f"{reverse('home')}#accounts" if kind in ILL else waiting
        announce(kind, sentence, link=link, urgent=urgent, client=self.client_id)

    def keep_throttle(self, platform: Platform, health: Health) -> None:
        """As it is in the database now, or none where the platform shows that there is room."""
        row = type(self)._base_manager.select_for_update(no_key=True).values(*THROTTLE).get(pk=self.pk)
        self.throttled_until, self.throttled_because = row["throttled_until"], row["throttled_because"]
        if self.shows_room(platform, health):
            self.throttled_until, self.throttled_because = None, ""

    def shows_room(self, platform: Platform, health: Health) -> bool:
        shown = any(call.usage is not None for call in platform.calls)
        if not shown or any(call.throttle for call in platform.calls):
            return False
        if health.quota and health.quota.used >= health.quota.total:
            return False
        return not self.calls.blocked_since(timezone.now() - BLOCK).exists()
