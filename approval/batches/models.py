"""An uploaded file of drafts, kept between its preview and its confirmation, for the person who uploaded it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from publishing.models import Image
from sophia import people
from sophia.refusals import NotAcceptable, WrongState

KEPT = timedelta(hours=2)
LEFT_AFTER = timedelta(minutes=1)
"""When nothing has moved for so long, whoever brought it in has stopped."""
LARGEST = 5 * 1024 * 1024


class BatchQuerySet(models.QuerySet["Batch"]):
    def keep(
        self,
        *,
        by: User,
        name: str,
        content: bytes,
        pictures: Mapping[str, Image],
        refused: Mapping[str, str],
        submit: bool,
    ) -> "Batch":
        """Those that nobody confirmed in time are forgotten, and the content of the others."""
        people.require(by, people.SUBMIT, of=None)
        if len(content) > LARGEST:
            raise NotAcceptable(f"The file is larger than {LARGEST // 2**20} MB. Split it.")
        old = self.filter(made_at__lt=timezone.now() - KEPT)
        old.filter(confirmed_at=None).delete()
        old.exclude(pk__in=self.unfinished().values("pk")).update(content=b"")
        hashes = {picture: image.sha256 for picture, image in pictures.items()}
        return self.create(
            by=by, name=name[:200], content=content, pictures=hashes, refused=dict(refused), submit=submit
        )

    def of(self, person: User) -> "BatchQuerySet":
        since = timezone.now() - KEPT
        return self.filter(Q(made_at__gt=since) | Q(confirmed_at__gt=since), by=person)

    def unfinished(self) -> "BatchQuerySet":
        """Confirmed, with lines that are still to be brought in."""
        return self.filter(confirmed_at__gt=timezone.now() - KEPT, done__lt=F("lines"))

    def left(self) -> "BatchQuerySet":
        return self.unfinished().filter(moved_at__lt=timezone.now() - LEFT_AFTER)


class Batch(models.Model):
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, db_index=True)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    pictures = models.JSONField(default=dict, help_text="The name of each uploaded image, with its SHA-256.")
    refused = models.JSONField(default=dict, help_text="Each image that Sophia does not take, with the reason.")
    submit = models.BooleanField(default=False, help_text="Ask for decisions at once.")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    lines = models.PositiveIntegerField(default=0, help_text="Of the file, once it is confirmed.")
    done = models.PositiveIntegerField(default=0, help_text="How many of them were brought in.")
    moved_at = models.DateTimeField(null=True, blank=True, help_text="When the last of them were, or it was confirmed.")
    outcome = models.JSONField(null=True, blank=True, help_text="What came of the lines that are done.")

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "batches"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.name} of {self.by}"

    def images(self) -> dict[str, Image]:
        found = Image.objects.usable_by(self.by).in_bulk(list(self.pictures.values()))
        return {name: found[sha256] for name, sha256 in self.pictures.items() if sha256 in found}

    def begin(self, *, by: User) -> None:
        """Once, whoever clicks how often."""
        people.require(by, people.SUBMIT, of=None)
        mine = type(self).objects.of(by).filter(pk=self.pk)
        if not mine.filter(confirmed_at=None).update(confirmed_at=timezone.now()):
            raise WrongState("This file was confirmed already, or has been waiting for too long.")
        self.refresh_from_db()

    def expect(self, lines: int) -> None:
        self.lines, self.moved_at = lines, timezone.now()
        self.save(update_fields=["lines", "moved_at"])

    def hold(self) -> None:
        """In a transaction: of two who bring it in one waits, and reads how far the other has come."""
        self.refresh_from_db(fields=["lines", "done", "outcome"], from_queryset=Batch.objects.select_for_update())

    @property
    def is_over(self) -> bool:
        return self.outcome is not None and self.done >= self.lines

    def note(self, outcome: dict[str, Any], lines: int) -> None:
        """In the transaction of what came of these lines."""
        self.outcome, self.done, self.moved_at = outcome, self.done + lines, timezone.now()
        changed = ["outcome", "done", "moved_at"]
        if self.is_over:
            self.content = b""
            changed.append("content")
        self.save(update_fields=changed)
