from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from encrypted_model_fields.fields import EncryptedTextField

from publishing import cadence, platforms
from publishing.models.app_throttle import calls_held, posts_held
from publishing.models.belonging import Belonging
from publishing.models.examined import Examined, ExaminedQuerySet, with_facts
from publishing.models.sharing import Sharing
from publishing.platforms.base import Health, Limits, Platform
from publishing.platforms.through_mcp.launch import why_not
from sophia import moments, security
from sophia.refusals import NotAllowed, Refused


def known_weekdays(days: str) -> None:
    named = days.split(",")
    if not set(named) <= set(cadence.DAYS) or len(set(named)) < len(named):
        raise ValidationError(f"“{days}” is no list of weekdays. Write them as mon,tue,wed,thu,fri,sat,sun.")


class SocialAccountQuerySet(ExaminedQuerySet["SocialAccount"]):
    def needing_reconnect(self) -> "SocialAccountQuerySet":
        return self.filter(needs_reconnect_since__isnull=False)

    def calls_held(self, now: datetime) -> "SocialAccountQuerySet":
        """Their platform wants no calls for them now."""
        return self.filter(calls_held(now))

    def posts_held(self, now: datetime) -> "SocialAccountQuerySet":
        """Their platform wants no posts of them now, or not even calls."""
        return self.filter(posts_held(now))

    def silent(self, now: datetime) -> "SocialAccountQuerySet":
        """They cannot be asked anything now: to be reconnected, or their calls are held."""
        return self.filter(Q(needs_reconnect_since__isnull=False) | calls_held(now))

    def stopped(self) -> "SocialAccountQuerySet":
        """Nothing of theirs goes out, nor to a person who would post it: paused, or to be reconnected."""
        ill = Q(needs_reconnect_since__isnull=False)
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


class SocialAccount(Belonging, Sharing, Examined):
    """One client on one platform."""

    class PlatformName(models.TextChoices):
        FACEBOOK = "facebook", "Facebook"
        INSTAGRAM = "instagram", "Instagram"

    class Through(models.TextChoices):
        DIRECTLY = "", "directly"
        MCP = "mcp", "through an MCP server"

    platform = models.CharField(max_length=20, choices=PlatformName.choices)
    external_id = models.CharField(max_length=100)
    name = models.CharField(max_length=200, blank=True)
    through = models.CharField(
        "publishes",
        max_length=10,
        blank=True,
        default=Through.DIRECTLY,
        db_default=Through.DIRECTLY.value,
        choices=Through.choices,
        help_text="Through MCP: by the server that the settings name (docs/mcp.md).",
    )
    token = EncryptedTextField(blank=True)
    token_since = models.DateTimeField(
        default=timezone.now, db_default=Now(), editable=False, help_text="When it got its present token."
    )
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
    direct_since = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the platform refused to publish what was prepared."
    )
    needs_reconnect_since = models.DateTimeField(null=True, blank=True, editable=False)
    needs_reconnect_because = models.TextField(blank=True, editable=False)

    objects = SocialAccountQuerySet.as_manager()

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
        return self.platform_class.limits

    @property
    def platform_class(self) -> type[Platform]:
        """As it publishes: directly, or through MCP."""
        return platforms.platform_class(self.platform, self.through)

    @property
    def carrier(self) -> str:
        """Whose limits hold, for people."""
        through = " through MCP" if self.through == self.Through.MCP else ""
        return f"{self.get_platform_display()}{through}"

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

    def connect_alone(self, *, token: str | None = None, by: User | None = None, **details: Any) -> tuple[str, ...]:
        """Check the account with the platform, then save it and its client. PlatformError, and nothing saved, when the
        platform refuses the token. Returns what the platform said about it.

        What waited for the account is asked for at once: publications that are due by their claim, which knows cadence
        and lateness, the unconfirmed by a look, recoveries by another removal. What the platform said about its calls
        holds until its time, unless the platform now shows figures below its limits and has not blocked the account
        for another reason. What it said about its posts holds in any case, and what it said about the app unless the
        app's own figure shows room.
        """
        self.take_on(token, details)
        self.client.full_clean()
        self.full_clean(exclude=["client"])
        self.require_way()
        self.require_home()
        with self.reaching(even_throttled=True) as platform:
            health = with_facts(platform.check(), platform.inspect())
        created = self.pk is None
        self.note_answer(health)
        self.save_connected(platform, health, created, token, by)
        if created:
            self.take_notice(platform)
        held = self.posts_held(timezone.now())
        return (*health.details, *filter(None, [self.trouble, held.because if held else ""]))

    def take_on(self, token: str | None, details: dict[str, Any]) -> None:
        """What a person typed. Nothing is saved yet."""
        if token is not None:
            self.forget_expiry()
        for name, value in details.items():
            setattr(self, name, value)
        if "token_expires_at" in details:
            self.expiry_known_at = timezone.now()
        if token is not None:
            if token != self.token:
                self.token_since = timezone.now()
            self.token, self.token_tail = token, token[-4:]

    def require_way(self) -> None:
        if self.through == self.Through.MCP and (why := why_not(self.platform)):
            raise Refused(f"{self.get_platform_display()} cannot be published through MCP here. {why}")

    def note_answer(self, health: Health) -> None:
        """The platform took the token."""
        self.name = self.name or health.name
        self.needs_reconnect_since, self.needs_reconnect_because = None, ""
        self.direct_since = None  # Another token may be allowed more: the next publication learns it.
        self.checked_at = timezone.now()
        self.learn(health, self.checked_at)
        self.trouble = self.lacks(health)  # Said to whoever connects it.

    def save_connected(
        self, platform: Platform, health: Health, created: bool, token: str | None, by: User | None
    ) -> None:
        assert self.checked_at
        with transaction.atomic():
            if not created:  # Publications before their account: workers lock them in this order too.
                self.publications.all().look_again(self.checked_at)
                self._meta.apps.get_model("publishing", "Recovery").objects.filter(publication__account=self).go_on()
            # Before its account: an emergency locks them in this order too. What was read before the platform was asked
            # may have changed since, such as who has to approve.
            self.client.save(update_fields=["timezone"] if self.client.pk else None)
            if not created:
                self.keep_throttle(platform, health)
            self.save()
            self.say("account.connected", f"{self} is connected.")
            if token is not None:
                security.note(security.Kind.CREDENTIALS, by=by, about=f"{self} ({self.label})", said="A new token.")
            for publication in self.publications.due_before(self.checked_at):
                publication.set_alarm()

    def hold(self, because: str) -> None:
        """The operator must reconnect it. Told once, not once per post."""
        now = timezone.now()
        with transaction.atomic():
            held = SocialAccount.objects.filter(pk=self.pk, needs_reconnect_since=None).update(
                needs_reconnect_since=now, needs_reconnect_because=because
            )
            if held:
                said = f"{self} must be reconnected: {because}"
                self.say("account.needs_reconnect", said, urgent=True)
        self.refresh_from_db(fields=["needs_reconnect_since", "needs_reconnect_because"])

    def disconnect(self, *, by: User, because: str) -> None:
        """Its token is forgotten, and nothing of it goes out until somebody connects it again."""
        if not by.is_superuser:
            raise NotAllowed(f"{by.get_username()} may not take an account's token away. Ask an administrator.")
        with transaction.atomic():
            self.token = self.token_tail = ""
            self.forget_expiry()
            self.needs_reconnect_since, self.needs_reconnect_because = timezone.now(), because
            self.save()
            security.note(security.Kind.CREDENTIALS, by=by, about=f"{self} ({self.label})", said="Its token is gone.")

    def use_direct_way(self) -> None:
        """The platform does not let this app publish what it prepared: remembered for every later post."""
        with transaction.atomic():
            if SocialAccount.objects.filter(pk=self.pk, direct_since=None).update(direct_since=timezone.now()):
                said = f"{self} does not publish in two steps. One step is used from now on."
                self.say("account.direct", said)
        self.refresh_from_db(fields=["direct_since"])

    def missing_scopes(self, health: Health) -> frozenset[str]:
        """Of those that publishing needs. None are missing where the platform does not tell."""
        needed = self.platform_class.needs_scopes
        return needed - set(health.scopes) if health.scopes is not None else frozenset()

    def removal_steps(self, permalink: str) -> tuple[str, ...]:
        return self.platform_class.removal_steps(permalink)

    @property
    def home(self) -> str:
        """Where a person sees its posts."""
        return self.platform_class.home(self.external_id, self.name) or str(self)

    def known_post_ids(self) -> frozenset[str]:
        """Post ids that already belong to a publication. The latest 500 are enough to tell twins apart."""
        known = self.publications.exclude(post_id="").order_by("-published_at")
        return frozenset(known.values_list("post_id", flat=True)[:500])

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.client.zone)

    def clock(self, moment: datetime) -> str:
        """A time for people, on the client's clock."""
        return moments.on_their_clock(moment, self.client.zone)
