from collections.abc import Collection
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from publishing.models.account import SocialAccount
from publishing.models.client import Client
from sophia import people
from sophia.alarms import set_alarm
from sophia.doors import Via
from sophia.membership import Visible
from sophia.notifications.announce import announce
from sophia.refusals import Refused, WrongState

if TYPE_CHECKING:
    from publishing.models.queue import PublicationQuerySet


class PauseQuerySet(Visible["Pause"]):
    def of_clients(self, clients: Collection[int]) -> Q:
        """Also those that hold posts of several: everybody shall know why nothing goes out."""
        mine = Q(client__in=clients) | Q(account__client__in=clients)
        return mine | Q(client=None, account=None)

    def in_force(self) -> "PauseQuerySet":
        return self.filter(lifted_at=None)

    def holding(self, account: SocialAccount) -> "PauseQuerySet":
        """The pauses in force that hold this account, by any of their scopes."""
        return self.in_force().filter(
            Q(client=None, platform="", account=None)
            | Q(client=account.client_id)
            | Q(platform=account.platform)
            | Q(account=account)
        )

    def start(
        self,
        *,
        by: User,
        reason: str,
        client: Client | None = None,
        platform: str = "",
        account: SocialAccount | None = None,
        via: str = Via.WEB,
    ) -> "Pause":
        """Hold everything, or what the one given scope names, until somebody lifts it."""
        require_may(by, concerned(client, account))
        if not reason.strip():
            raise Refused("Say why: the others will see the reason on every page.")
        if sum(map(bool, (client, platform, account))) > 1:
            raise Refused("A pause has one scope: a client, or a platform, or an account.")
        with transaction.atomic():
            hold_claims(client, platform, account)
            pause = self.create(
                started_by=by, reason=reason.strip(), client=client, platform=platform, account=account, started_via=via
            )
            said = f"{by} paused {pause.scope}: {pause.reason}"
            announce("pause.started", said, link=reverse("publishing:pauses"), urgent=True, client=pause.concerns)
        return pause


class Pause(models.Model):
    """Publishing is held, by whom and why, until lifted. It changes no other row: every claim looks here."""

    client = models.ForeignKey(Client, models.PROTECT, null=True, blank=True, related_name="pauses")
    platform = models.CharField(max_length=20, blank=True, choices=SocialAccount.PlatformName.choices)
    account = models.ForeignKey(SocialAccount, models.PROTECT, null=True, blank=True, related_name="pauses")
    reason = models.TextField()
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    started_via = models.CharField(max_length=10, choices=Via.choices)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_via = models.CharField(max_length=10, choices=Via.choices, blank=True)

    objects = PauseQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"Pause {self.pk}: {self.scope}"

    @property
    def scope(self) -> str:
        if self.account:
            return str(self.account)
        return self.get_platform_display() or str(self.client or "everything")

    @property
    def in_force(self) -> bool:
        return self.lifted_at is None

    def too_late_for(self) -> "PublicationQuerySet":
        """What was with the platform already when it began. It is not stopped, whatever comes of it."""
        return publications().within(self).on_its_way()

    def holds(self, account: SocialAccount) -> bool:
        """As `holding` says it in the database, for a pause at hand."""
        if self.account_id or self.client_id:
            return self.account_id == account.pk or self.client_id == account.client_id
        return self.platform in {"", account.platform}

    @property
    def concerns(self) -> int | None:
        """The id of the one client whose posts it holds. None: of several."""
        return concerned(self.client, self.account)

    def go_along(self, account: SocialAccount) -> "Pause":
        """With an account that leaves its client: it stays held as it was, by whoever held it."""
        reason = f"{self.reason} (It was of {self.client} then.)"
        return Pause.objects.create(
            account=account,
            reason=reason,
            started_by=self.started_by,
            started_at=self.started_at,
            started_via=self.started_via,
        )

    def require_liftable(self, by: User) -> None:
        require_may(by, self.concerns)
        if not Pause.objects.in_force().filter(pk=self.pk).exists():
            raise WrongState(f"Pause {self.pk} is already lifted.")

    def lift(self, *, by: User, via: str = Via.WEB) -> None:
        """Only this. `publishing.lifting.lift` first gives what it held new slots, so that nothing bursts out."""
        require_may(by, self.concerns)
        now = timezone.now()
        with transaction.atomic():
            lifted = Pause.objects.filter(pk=self.pk, lifted_at=None).update(
                lifted_at=now, lifted_by=by, lifted_via=via
            )
            if not lifted:
                raise WrongState(f"Pause {self.pk} is already lifted.")
            link = reverse("publishing:pauses")
            announce("pause.lifted", f"{by} resumed {self.scope}.", link=link, client=self.concerns)
            set_alarm("publishing.tasks.sweep", at=now)
        self.refresh_from_db()


def concerned(client: Client | None, account: SocialAccount | None) -> int | None:
    if account:
        return account.client_id
    return client.pk if client else None


def require_may(by: User, client: int | None) -> None:
    """Who works for some clients neither holds nor frees the posts of the others."""
    people.require(by, people.PAUSE, of=client)
    if client is None:
        people.require_all_clients(by)


def hold_claims(client: Client | None, platform: str, account: SocialAccount | None) -> None:
    """Wait for the claims that are being made within this scope, and keep the next ones waiting until this transaction
    ends: a claim reads the pauses under its account's lock. So none is made after the pause is committed."""
    rows = SocialAccount.objects.order_by("pk").select_for_update(no_key=True)
    if client:
        rows = rows.filter(client=client)
    if platform:
        rows = rows.filter(platform=platform)
    if account:
        rows = rows.filter(pk=account.pk)
    list(rows.values_list("pk", flat=True))


def publications() -> "PublicationQuerySet":
    rows: PublicationQuerySet = Pause._meta.apps.get_model("publishing", "Publication").objects.all()
    return rows
