from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from encrypted_model_fields.fields import EncryptedTextField

from publishing import cadence, platforms
from publishing.models.client import Client
from publishing.platforms.base import Credentials, Health, Kind, Limits, Platform, PlatformError
from publishing.platforms.errors import throttle_in
from sophia.notifications.announce import announce
from sophia.refusals import Refused

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from publishing.models.call import Call, CallQuerySet
    from publishing.models.flight import Flight

    class CallManager(RelatedManager[Call], CallQuerySet): ...  # type: ignore[misc]


THROTTLE = ["throttled_until", "throttled_because"]
BLOCK = timedelta(days=1)
"""How long the platform blocks an account for more than its calls (platforms.md C4)."""


def known_weekdays(days: str) -> None:
    named = days.split(",")
    if not set(named) <= set(cadence.DAYS) or len(set(named)) < len(named):
        raise ValidationError(f"“{days}” is no list of weekdays. Write them as mon,tue,wed,thu,fri,sat,sun.")


class SocialAccountQuerySet(models.QuerySet["SocialAccount"]):
    def needing_reconnect(self) -> "SocialAccountQuerySet":
        return self.filter(needs_reconnect_since__isnull=False)

    def held(self, now: datetime) -> "SocialAccountQuerySet":
        """Nothing of theirs goes out: paused, to be reconnected, or throttled."""
        ill = Q(needs_reconnect_since__isnull=False) | Q(throttled_until__gt=now)
        pauses = self.model._meta.apps.get_model("publishing", "Pause").objects.in_force()
        everything = pauses.filter(client=None, platform="", account=None)
        paused = (
            Exists(everything)
            | Exists(pauses.filter(client=OuterRef("client")))
            | Exists(pauses.filter(platform=OuterRef("platform")))
            | Exists(pauses.filter(account=OuterRef("pk")))
        )
        return self.filter(ill | paused)

    def locked(self, pk: int) -> "SocialAccount":
        """Its row, held until the transaction ends: of two people, or workers, one takes the last slot."""
        return self.select_related("client").select_for_update(of=("self",), no_key=True).get(pk=pk)

    def named(self, label: str) -> "SocialAccount":
        """The account called `platform:external_id`. Refused with a sentence when there is none."""
        platform, _, external_id = label.partition(":")
        account = self.filter(platform=platform, external_id=external_id).select_related("client").first()
        if account is None:
            raise Refused(
                f"There is no account “{label}”. Connect it first: manage.py connect {platform or 'facebook'} …"
            )
        return account


class SocialAccount(models.Model):
    """One client on one platform."""

    class PlatformName(models.TextChoices):
        FACEBOOK = "facebook", "Facebook"
        INSTAGRAM = "instagram", "Instagram"

    client = models.ForeignKey(Client, models.PROTECT, related_name="accounts")
    platform = models.CharField(max_length=20, choices=PlatformName.choices)
    external_id = models.CharField(max_length=100)
    name = models.CharField(max_length=200, blank=True)
    token = EncryptedTextField(blank=True)
    token_tail = models.CharField(max_length=4, blank=True, editable=False)
    min_gap = models.DurationField(null=True, blank=True, help_text="Least time between two posts.")
    max_per_week = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1)], help_text="Most posts in any seven days."
    )
    weekdays = models.CharField(
        max_length=27,
        blank=True,
        validators=[known_weekdays],
        help_text="Days on which it may post: mon,tue,fri. Empty: all.",
    )
    opens_at = models.TimeField(null=True, blank=True, help_text="It posts no earlier in the day, where the client is.")
    closes_at = models.TimeField(null=True, blank=True, help_text="It posts before this time, where the client is.")
    calls_per_hour = models.PositiveIntegerField(null=True, blank=True, help_text="Empty: as for the others.")
    posts_per_day = models.PositiveIntegerField(null=True, blank=True, help_text="Empty: as for the others.")
    quota_total = models.PositiveIntegerField(
        null=True, blank=True, editable=False, help_text="Posts in 24 hours that the platform itself allows."
    )
    throttled_until = models.DateTimeField(null=True, blank=True, editable=False)
    throttled_because = models.TextField(blank=True, editable=False)
    direct_since = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the platform refused to publish what was prepared."
    )
    needs_reconnect_since = models.DateTimeField(null=True, blank=True, editable=False)
    needs_reconnect_because = models.TextField(blank=True, editable=False)
    checked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = SocialAccountQuerySet.as_manager()

    if TYPE_CHECKING:

        @property
        def calls(self) -> "CallManager": ...

    class Meta:
        ordering = ["client__name", "platform"]
        constraints = [models.UniqueConstraint(fields=["platform", "external_id"], name="one_account_per_external_id")]

    def __str__(self) -> str:
        return f"{self.name or self.external_id} on {self.get_platform_display()}"

    @property
    def label(self) -> str:
        return f"{self.platform}:{self.external_id}"

    @property
    def limits(self) -> Limits:
        return platforms.platform_class(self.platform).limits

    @property
    def rule(self) -> cadence.Rule:
        return cadence.Rule(
            self.min_gap,
            self.max_per_week,
            frozenset(cadence.DAYS.index(day) for day in self.weekdays.split(",") if day),
            self.opens_at,
            self.closes_at,
            self.client.zone,
        )

    @property
    def is_healthy(self) -> bool:
        return self.needs_reconnect_since is None

    def lock(self) -> None:
        """Hold this row until the surrounding transaction ends, and read it again. After its publication's row."""
        self.refresh_from_db(from_queryset=SocialAccount.objects.select_for_update(no_key=True))

    @contextmanager
    def reaching(self, publication: "Flight | None" = None, *, even_throttled: bool = False) -> Iterator[Platform]:
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
        return platforms.reach(self.platform, Credentials(self.external_id, self.token, bool(self.direct_since)))

    def require_unthrottled(self) -> None:
        now = timezone.now()
        if self.pk:  # Another worker may have been told a moment ago.
            self.refresh_from_db(fields=THROTTLE)
        if self.throttled_until and self.throttled_until > now:
            raise PlatformError(Kind.WAIT, self.throttled(), wait=self.throttled_until - now, throttles=True)

    def throttled(self) -> str:
        """The sentence while it is throttled, else empty."""
        if self.throttled_until is None or self.throttled_until <= timezone.now():
            return ""
        return f"{self} may not be called before {self.clock(self.throttled_until)}. {self.throttled_because}"

    def take_notice(
        self,
        platform: Platform,
        publication: "Flight | None" = None,
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
        row, values = SocialAccount.objects.filter(pk=self.pk), {"throttled_until": until, "throttled_because": because}
        with transaction.atomic():
            if row.filter(Q(throttled_until=None) | Q(throttled_until__lte=now)).update(**values):
                self.refresh_from_db(fields=THROTTLE)
                announce("account.throttled", self.throttled(), urgent=until - now > self.client.lateness_limit)
            else:
                row.filter(throttled_until__lt=until).update(**values)
        self.refresh_from_db(fields=THROTTLE)

    def examine(self) -> Health:
        """Ask the platform with the token that the account has, and remember its quota. PlatformError when it refuses;
        the account is held when a person must reconnect it. A hold stays: only `connect` ends it."""
        try:
            with self.reaching() as platform:
                health = platform.check()
        except PlatformError as error:
            if error.kind is Kind.AUTH:
                self.hold(str(error))
            raise
        self.checked_at = timezone.now()
        self.quota_total = health.quota.total if health.quota else self.quota_total
        self.save(update_fields=["checked_at", "quota_total"])
        return health

    def connect(self, *, token: str | None = None, **details: Any) -> tuple[str, ...]:
        """Check the account with the platform, then save it and its client. PlatformError, and nothing saved, when the
        platform refuses the token. Returns what the platform said about it.

        What waited for the account is asked for at once: publications that are due by their claim, which knows cadence
        and lateness, the unconfirmed by a look. A throttle stays until its time, because the platform named it, unless
        the platform now shows figures below its limits and has not blocked the account for another reason.
        """
        for name, value in details.items():
            setattr(self, name, value)
        if token is not None:
            self.token, self.token_tail = token, token[-4:]
        self.client.full_clean()
        self.full_clean(exclude=["client"])
        with self.reaching(even_throttled=True) as platform:
            health = platform.check()
        created = self.pk is None
        self.name = self.name or health.name
        self.needs_reconnect_since, self.needs_reconnect_because = None, ""
        self.direct_since = None  # Another token may be allowed more: the next publication learns it.
        self.checked_at = timezone.now()
        with transaction.atomic():
            if not created:  # Publications before their account: workers lock them in this order too.
                self.publications.all().look_again(self.checked_at)
                self.keep_throttle(platform, health)
            self.quota_total = health.quota.total if health.quota else self.quota_total
            self.client.save()
            self.save()
            announce("account.connected", f"{self} is connected.")
            for publication in self.publications.due_before(self.checked_at):
                publication.set_alarm()
        if created:
            self.take_notice(platform)
        return health.details

    def keep_throttle(self, platform: Platform, health: Health) -> None:
        """As it is in the database now, or none where the platform shows that there is room."""
        row = SocialAccount.objects.select_for_update(no_key=True).values(*THROTTLE).get(pk=self.pk)
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

    def hold(self, because: str) -> None:
        """The operator must reconnect it. Told once, not once per post."""
        now = timezone.now()
        with transaction.atomic():
            held = SocialAccount.objects.filter(pk=self.pk, needs_reconnect_since=None).update(
                needs_reconnect_since=now, needs_reconnect_because=because
            )
            if held:
                announce("account.needs_reconnect", f"{self} must be reconnected: {because}", urgent=True)
        self.refresh_from_db(fields=["needs_reconnect_since", "needs_reconnect_because"])

    def use_direct_way(self) -> None:
        """The platform does not let this app publish what it prepared: remembered for every later post."""
        with transaction.atomic():
            if SocialAccount.objects.filter(pk=self.pk, direct_since=None).update(direct_since=timezone.now()):
                announce("account.direct", f"{self} does not publish in two steps. One step is used from now on.")
        self.refresh_from_db(fields=["direct_since"])

    def removal_steps(self, permalink: str) -> tuple[str, ...]:
        return platforms.platform_class(self.platform).removal_steps(permalink)

    def known_post_ids(self) -> frozenset[str]:
        """Post ids that already belong to a publication. The latest 500 are enough to tell twins apart."""
        known = self.publications.exclude(post_id="").order_by("-published_at")
        return frozenset(known.values_list("post_id", flat=True)[:500])

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.client.zone)

    def clock(self, moment: datetime) -> str:
        """A time for people, on the client's clock."""
        return f"{self.local(moment):%a %d %b %H:%M} {self.client.timezone}"
