"""Finding out which post a publication is, when it is public and the platform never said so."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from publishing.models.account import SocialAccount
from publishing.platforms.base import Kind, PlatformError
from sophia.membership import Visible

LATER = timedelta(minutes=10)
"""Until the next try when a look failed, or a tenth of its age when that is longer."""
SLOWER = 10


class IdentificationQuerySet(Visible["Identification"]):
    whose = "publication__account__client"

    def open(self) -> "IdentificationQuerySet":
        return self.filter(settled_at=None)

    def due(self, now: datetime) -> "IdentificationQuerySet":
        """Those whose account may not be called wait for it."""
        silent = SocialAccount.objects.silent(now)
        rows = self.open().filter(next_at__lte=now).exclude(publication__account__in=silent)
        return rows.select_related("publication__account__client").order_by("next_at")

    def begin_again(self) -> None:
        """There is something new to look for."""
        now = timezone.now()
        self.open().update(opened_at=now, next_at=now)

    def settle(self, how: str, by: User | None = None) -> None:
        self.open().update(settled_at=timezone.now(), settled_by=by, how=how, next_at=None)


class Identification(models.Model):
    """Open as long as it is public and nobody knows which post it is. It needs a person."""

    class How(models.TextChoices):
        PERSON = "person", "a person said which it is"
        REFERENCE = "reference", "it was found by what Sophia had prepared"
        GONE = "gone", "it was taken down"
        LEFT = "left", "a person left it unknown"

    publication = models.ForeignKey("publishing.Publication", models.PROTECT, related_name="identifications")
    opened_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, blank=True, help_text="When Sophia looks next. Empty: not any more.")
    looks = models.PositiveSmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    how = models.CharField(max_length=10, choices=How.choices, blank=True)

    objects = IdentificationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication"], condition=Q(settled_at=None), name="one_open_identification"
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(settled_at=None), name="identification_to_come"),
        ]

    def __str__(self) -> str:
        return f"Which post is {self.publication}?"

    @property
    def is_open(self) -> bool:
        return self.settled_at is None

    def next_step(self, now: datetime) -> datetime | None:
        steps = (self.opened_at + after for after in settings.SOPHIA_IDENTIFY_AFTER)
        return next((step for step in steps if step > now), None)

    def look(self) -> None:
        """Once, if it is time to. A doubled job looks once."""
        now = timezone.now()
        turn = now + settings.SOPHIA_LEASE
        if not Identification.objects.due(now).filter(pk=self.pk).update(next_at=turn):
            return
        try:
            self.publication.look_for_itself()
        except PlatformError as error:
            if error.kind is Kind.AUTH:
                self.publication.account.hold(str(error))
            self.come_back(turn, now + max(LATER, (now - self.opened_at) / SLOWER))
        else:
            self.come_back(turn, self.next_step(now), seen=1)

    def come_back(self, turn: datetime, moment: datetime | None, seen: int = 0) -> None:
        """Not if somebody settled it meanwhile, or another worker has taken over."""
        with transaction.atomic():
            rows = Identification.objects.open().filter(pk=self.pk, next_at=turn)
            rows.update(next_at=moment, looks=models.F("looks") + seen)
