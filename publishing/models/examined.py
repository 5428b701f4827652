"""What an examination of an account finds: how long its token lasts, what it lacks, how much it may post."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from publishing.models.reach import Reach
from publishing.platforms.base import Health, Kind, Platform, PlatformError, TokenFacts
from sophia.membership import Visible

EXPIRING = [timedelta(days=days) for days in (14, 7, 3, 1, 0)]
"""How long before a token ends that is told, once each."""
EVERY = timedelta(days=1)
"""How often an account is examined without being asked to."""
AGAIN = timedelta(hours=1)
"""When the platform gave no answer, or the worker died."""
FINAL = {Kind.AUTH, Kind.REJECTED}


Account = TypeVar("Account", bound="Examined", covariant=True)


class ExaminedQuerySet(Visible[Account]):
    def to_examine(self, now: datetime) -> Self:
        return self.filter(examine_at__lte=now).order_by("examine_at")

    def expiring(self, now: datetime) -> Self:
        """Their token, or its access to data, ends within the first of EXPIRING, or has ended."""
        soon = now + EXPIRING[0]
        return self.filter(Q(token_expires_at__lte=soon) | Q(data_access_expires_at__lte=soon))

    def to_look_after(self, now: datetime) -> Self:
        """Not held yet, and will be if nobody does anything."""
        ill = self.expiring(now) | self.exclude(trouble="")
        return ill.filter(needs_reconnect_since=None)


class Examined(Reach):
    """The part of SocialAccount that is learned from its platform, and looks ahead."""

    checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    quota_total = models.PositiveIntegerField(
        null=True, blank=True, editable=False, help_text="Posts in 24 hours that the platform itself allows."
    )
    token_expires_at = models.DateTimeField(null=True, blank=True, editable=False)
    data_access_expires_at = models.DateTimeField(null=True, blank=True, editable=False)
    expiry_known_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When it was told. With no time of expiry: it never expires."
    )
    expiry_told = models.PositiveSmallIntegerField(default=0, editable=False, help_text="How many of EXPIRING.")
    trouble = models.TextField(blank=True, editable=False, help_text="What the last examination found wrong.")
    examine_at = models.DateTimeField(default=timezone.now, db_index=True, editable=False)

    class Meta:
        abstract = True

    if TYPE_CHECKING:

        def hold(self, because: str) -> None: ...
        def missing_scopes(self, health: Health) -> frozenset[str]: ...

    def examine(self) -> Health:
        """Ask the platform with the token that the account has, and remember what it told. PlatformError when it
        refuses; the account is held when a person must reconnect it. A hold stays: only `connect` ends it."""
        try:
            with self.reaching() as platform:
                health = told_by(platform)
        except PlatformError as error:
            if error.kind is Kind.AUTH:
                self.hold(str(error))
            raise
        self.change(lambda: self.take_health(health, timezone.now()))
        return health

    def take_health(self, health: Health, now: datetime) -> None:
        """In the caller's transaction, which holds this row. The caller saves."""
        self.learn(health, now)
        self.note_trouble(self.lacks(health))
        self.tell_expiry(now)

    def learn(self, health: Health, now: datetime) -> None:
        self.checked_at, self.examine_at = now, now + EVERY
        self.quota_total = health.quota.total if health.quota else self.quota_total
        self.learn_expiry(health.token, now)

    @property
    def ends_at(self) -> datetime | None:
        """When the platform stops answering this token as before. None: never, or nobody knows."""
        return min(filter(None, [self.token_expires_at, self.data_access_expires_at]), default=None)

    @property
    def expiry(self) -> str:
        if self.expiry_known_at is None:
            return "unknown"
        return "known" if self.ends_at else "never"

    @property
    def ends(self) -> str:
        """The sentence about it."""
        if self.expiry_known_at is None:
            return "When its token expires is unknown."
        if self.ends_at is None:
            return "Its token does not expire."
        what = "token" if self.ends_at == self.token_expires_at else "token's access to data"
        return f"Its {what} {'expires' if self.ends_at > timezone.now() else 'expired'} {self.clock(self.ends_at)}."

    @property
    def is_expiring(self) -> bool:
        return self.ends_at is not None and self.ends_at <= timezone.now() + EXPIRING[0]

    def forget_expiry(self) -> None:
        """Another token. The caller saves."""
        self.token_expires_at = self.data_access_expires_at = self.expiry_known_at = None
        self.expiry_told = 0

    def learn_expiry(self, facts: TokenFacts | None, now: datetime) -> None:
        """What the platform tells goes over what a person typed. The caller saves."""
        if facts is None:
            return
        if (self.token_expires_at, self.data_access_expires_at) != (facts.expires_at, facts.data_access_expires_at):
            self.expiry_told = 0
        self.token_expires_at, self.data_access_expires_at = facts.expires_at, facts.data_access_expires_at
        self.expiry_known_at = now

    def tell_expiry(self, now: datetime) -> None:
        """In the caller's transaction, which holds this row. The caller saves."""
        passed = sum(now >= self.ends_at - before for before in EXPIRING) if self.ends_at else 0
        if passed > self.expiry_told:
            said = f"{self}: {self.ends} Connect it again, with a fresh token."
            urgent = EXPIRING[passed - 1] <= timedelta(days=1)
            self.say("account.expiring", said, urgent=urgent)
        self.expiry_told = max(passed, self.expiry_told)

    def note_trouble(self, because: str) -> None:
        """Told when it is new. In the caller's transaction, which holds this row. The caller saves."""
        if because and because != self.trouble:
            said = f"{self}: {because} Connect it again."
            self.say("account.needs_reconnect", said, urgent=True)
        self.trouble = because

    def lacks(self, health: Health) -> str:
        """The sentence about the scopes that are missing."""
        missing = self.missing_scopes(health)
        return f"The token lacks {', '.join(sorted(missing))}. Grant every permission." if missing else ""

    def take_turn(self) -> None:
        """The daily examination, if it is due: of two workers one asks. A failure comes again by itself."""
        now = timezone.now()
        turn = type(self)._base_manager.filter(pk=self.pk, examine_at=self.examine_at, examine_at__lte=now)
        if not turn.update(examine_at=now + AGAIN):
            return
        try:
            self.examine()
        except PlatformError as error:
            self.take_refusal(error, now)

    def take_refusal(self, error: PlatformError, now: datetime) -> None:
        """An AUTH has held the account already, and told."""
        if error.kind is Kind.REJECTED:
            self.change(lambda: self.note_trouble(str(error)))
        again = now + EVERY if error.kind in FINAL else self.throttled_after(now) or now + AGAIN
        type(self)._base_manager.filter(pk=self.pk).update(examine_at=again)

    def change(self, body: Callable[[], None]) -> None:
        """`body`, on what is in the database now, unless the account got another token meanwhile."""
        with transaction.atomic():
            rows: models.QuerySet[Any] = type(self)._base_manager.select_for_update(of=("self",), no_key=True)
            fresh = rows.get(pk=self.pk)
            if fresh.token != self.token:
                return
            for name in FOUND:
                setattr(self, name, getattr(fresh, name))
            body()
            self.save(update_fields=FOUND)


def told_by(platform: Platform) -> Health:
    """Everything that the platform tells about the account and its token."""
    health = with_facts(platform.check(), platform.inspect())
    scopes = platform.scopes() if health.token is None else health.scopes
    usage = max((call.usage for call in platform.calls if call.usage is not None), default=None)
    return replace(health, scopes=scopes, usage=usage)


def with_facts(health: Health, token: TokenFacts | None) -> Health:
    return replace(health, token=token, scopes=token.scopes if token else None)


FOUND = [
    "checked_at",
    "quota_total",
    "token_expires_at",
    "data_access_expires_at",
    "expiry_known_at",
    "expiry_told",
    "trouble",
    "examine_at",
]
