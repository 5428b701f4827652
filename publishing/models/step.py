"""One thing that the platform makes of a post before the public sees it. Its row is there before the call leaves."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from publishing import seal
from sophia.membership import Visible

if TYPE_CHECKING:
    pass


class StepQuerySet(Visible["Step"]):
    whose = "preparation__publication__account__client"

    def current(self) -> "StepQuerySet":
        """Part of the post that is being prepared."""
        return self.filter(dropped_at=None)

    def made(self) -> "StepQuerySet":
        return self.exclude(external_id="")

    def lost(self) -> "StepQuerySet":
        """The call left, nobody knows what it made, and nobody waits for its answer any more."""
        over = Q(dropped_at__isnull=False) | Q(preparation__closed_at__isnull=False)
        return self.filter(over, external_id="", settled_at=None)

    def underway(self, since: datetime) -> "StepQuerySet":
        """Calls that left after `since`, whose answer may come yet."""
        waiting = self.current().filter(preparation__closed_at=None)
        return waiting.filter(external_id="", settled_at=None, intended_at__gt=since)

    def left_over(self) -> "StepQuerySet":
        """On the platform, and no part of anything that goes out."""
        unused = Q(dropped_at__isnull=False) | Q(preparation__end="dropped")
        return self.made().filter(unused, removed_at=None, settled_at=None)

    def uploads(self, since: datetime) -> "StepQuerySet":
        """What tells how fast the line is."""
        return self.filter(made_at__gt=since, size__gt=0, milliseconds__gt=0)


class Step(models.Model):
    preparation = models.ForeignKey("publishing.Preparation", models.PROTECT, related_name="steps")
    name = models.CharField(max_length=40, help_text="As its platform calls it: photo-3, child-2, container, post.")
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes that it takes to the platform.")
    sent = models.PositiveBigIntegerField(default=0, help_text="Bytes of it that are there, in an upload by pieces.")
    milliseconds = models.PositiveIntegerField(null=True, blank=True, help_text="How long making it took.")
    intended_at = models.DateTimeField(help_text="Committed before the call that makes it has left.")
    external_id = models.CharField(max_length=100, blank=True)
    seal = models.CharField(max_length=100, blank=True, help_text="Over the approval, the name and the id.")
    made_at = models.DateTimeField(null=True, blank=True)
    ready_at = models.DateTimeField(null=True, blank=True, help_text="When the platform was seen to be done with it.")
    dropped_at = models.DateTimeField(null=True, blank=True, help_text="When another took its place.")
    removed_at = models.DateTimeField(null=True, blank=True, help_text="When it was seen gone, or left to expire.")
    looks = models.PositiveSmallIntegerField(default=0, help_text="How often what it may have made was looked for.")
    settled_at = models.DateTimeField(null=True, blank=True, help_text="Nobody has to look for it any more.")

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["preparation", "name"], condition=Q(dropped_at=None), name="one_current_step_of_a_name"
            ),
            models.CheckConstraint(
                condition=Q(external_id="") | (Q(made_at__isnull=False) & ~Q(seal="")), name="what_was_made_is_sealed"
            ),
        ]
        indexes = [models.Index(fields=["made_at"], condition=Q(size__gt=0), name="step_uploads")]

    def __str__(self) -> str:
        return f"{self.name} of publication {self.preparation.publication_id}"

    @property
    def is_ours(self) -> bool:
        """Whether Sophia itself wrote down that this was made, for this approval."""
        approval = self.preparation.publication.approval_id
        return seal.holds(self.seal, self.statement(), f"{approval} {self.name} {self.external_id}")

    @property
    def took(self) -> timedelta | None:
        """How long the platform was at work on it."""
        return self.ready_at - self.made_at if self.ready_at and self.made_at else None

    def statement(self) -> str:
        approval = str(self.preparation.publication.approval_id)
        return seal.statement("step", approval=approval, name=self.name, external_id=self.external_id)

    def keep(self, external_id: str, milliseconds: int) -> None:
        """It exists: that is true whoever holds the claim by now."""
        self.external_id, self.milliseconds, self.made_at = external_id, milliseconds, timezone.now()
        self.sent, self.settled_at = self.size, None
        self.renew_seal()
        fields = ["external_id", "milliseconds", "made_at", "sent", "settled_at", "seal"]
        type(self).objects.filter(pk=self.pk).update(**{name: getattr(self, name) for name in fields})

    def renew_seal(self) -> None:
        self.seal = seal.make(self.statement())

    def note(self, **moments: datetime) -> None:
        """Dated facts, of which the first date stays."""
        for name, moment in moments.items():
            type(self).objects.filter(pk=self.pk, **{name: None}).update(**{name: moment})
        self.refresh_from_db()

    def look_in_vain(self) -> None:
        type(self).objects.filter(pk=self.pk).update(looks=F("looks") + 1)
        self.refresh_from_db(fields=["looks"])
