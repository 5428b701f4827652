"""What the platform has of a publication before its time: a row for each round, with its steps."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from publishing.models.clearing import Clearing
from publishing.models.states import State
from publishing.models.step import Step
from publishing.platforms.base import Reference
from sophia import people
from sophia.membership import Visible

if TYPE_CHECKING:
    from publishing.models.waking import Waking


class PreparationQuerySet(Visible["Preparation"]):
    whose = "publication__account__client"

    def open(self) -> "PreparationQuerySet":
        return self.filter(closed_at=None)

    def to_clear(self, now: datetime) -> "PreparationQuerySet":
        return self.filter(next_at__lte=now).order_by("next_at")

    def needing_a_person(self) -> "PreparationQuerySet":
        """Something may be left on the platform that Sophia may not remove."""
        return self.filter(told_at__isnull=False, settled_at=None)

    def to_close(self) -> "PreparationQuerySet":
        """What a person has found to be out, or taken down."""
        return self.open().filter(publication__state__in=[State.PUBLISHED, State.RECOVERED])

    def begin(self, publication: "Waking") -> "Preparation":
        """The open one. In a transaction that has locked the publication."""
        return self.open().first() or self.create(publication_id=publication.pk, opened_at=timezone.now())

    @transaction.atomic
    def end(self, how: str) -> None:
        for preparation in self.open().select_related("publication__account"):
            preparation.close(how)

    def renew_seals(self) -> None:
        for step in Step.objects.filter(preparation__in=self).made().select_related("preparation__publication"):
            if step.is_ours:
                step.renew_seal()
                step.save(update_fields=["seal"])

    def adopt(self, publication: "Waking", reference: Reference) -> None:
        """What was prepared before there was a journal: its steps, as the sealed reference tells them."""
        steps = publication.account.platform_class.steps_in(reference) if reference else {}
        if not steps or self.open().exists():
            return
        preparation, now = self.begin(publication), timezone.now()
        for name, external_id in steps.items():
            step = Step(preparation=preparation, name=name, external_id=external_id, intended_at=now, made_at=now)
            step.renew_seal()
            step.save()


class Preparation(Clearing):
    class End(models.TextChoices):
        USED = "used", "published"
        DROPPED = "dropped", "will not be published"
        KEPT = "kept", "left as it is, because it may be public"

    publication = models.ForeignKey("publishing.Publication", models.PROTECT, related_name="preparations")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    end = models.CharField(max_length=10, choices=End.choices, blank=True)
    looks = models.PositiveSmallIntegerField(default=0, help_text="How often the platform was still at work on it.")
    standing = models.TextField(blank=True, help_text="What it waits for.")

    objects = PreparationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication"], condition=Q(closed_at=None), name="one_open_preparation_per_publication"
            )
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="preparations_to_clear"),
            models.Index(
                fields=["told_at"], condition=Q(told_at__isnull=False, settled_at=None), name="preparations_to_settle"
            ),
        ]

    def __str__(self) -> str:
        return f"What was prepared of publication {self.publication_id}"

    @property
    def progressed_at(self) -> datetime:
        """When the last thing about it became true."""
        dates = self.steps.values_list("made_at", "ready_at")
        return max([self.opened_at, *(moment for pair in dates for moment in pair if moment)])

    @property
    def progress(self) -> str:
        """For people: how far it is."""
        return self.standing or self.uploaded

    @property
    def uploaded(self) -> str:
        images = self.publication.pictures.count()
        made = self.steps.current().filter(size__gt=0).made().count()
        return f"{made} of {images} images uploaded." if images else ""

    def wait(self, because: str, *, working: bool) -> None:
        self.standing, self.looks = because if working else "", self.looks + working
        self.save(update_fields=["standing", "looks"])

    @transaction.atomic
    def close(self, end: str) -> None:
        """What is left over is removed from then on. All of this, or nothing: what is closed is not looked at again."""
        now = timezone.now()
        self.closed_at, self.end, self.standing = now, end, ""
        self.save(update_fields=["closed_at", "end", "standing"])
        self.steps.lost().exclude(name__in=self.sought).update(settled_at=now)
        untidy = self.steps.left_over().exists() or self.steps.lost().exists()
        self.next_at = self.first_turn(now) if untidy else None
        self.save(update_fields=["next_at"])

    @property
    def sought(self) -> frozenset[str]:
        """Steps that people could find. All others expire unseen."""
        return self.publication.account.platform_class.seeks

    def come_by(self) -> None:
        """Something of it turned up after it was closed. Not where a person looks for it by now."""
        late = type(self).objects.filter(pk=self.pk, next_at=None, told_at=None).exclude(closed_at=None)
        late.update(next_at=timezone.now())

    def leave(self) -> None:
        """It is no longer ours to remove."""
        self.end = self.End.KEPT
        self.save(update_fields=["end"])

    def settle(self, *, by: User) -> None:
        """A person has looked, and removed what was left."""
        people.require(by, people.OPERATE, of=self.publication.client_id)
        with transaction.atomic():
            self.settled_at, self.settled_by, self.next_at = timezone.now(), by, None
            for rows in (self.steps.left_over(), self.steps.lost()):
                rows.update(settled_at=self.settled_at)
            self.save(update_fields=["settled_at", "settled_by", "next_at"])
