from datetime import datetime, timedelta
from uuid import uuid4

from django.db import models
from django.utils import timezone

from sophia.membership import Assignment as Assignment
from sophia.membership import Membership as Membership


class Desk(models.Model):
    """The one row that tells this database from any other. Its media folder holds a mark of the same name."""

    name = models.UUIDField(default=uuid4, unique=True, editable=False)
    canary = models.CharField(
        max_length=255, blank=True, db_default="", editable=False, help_text="Opens with FIELD_ENCRYPTION_KEY."
    )
    seal = models.CharField(max_length=100, blank=True, db_default="", editable=False, help_text="Over the name.")
    marked_at = models.DateTimeField(null=True, blank=True, help_text="Since when the media folder holds the mark.")
    backed_up_at = models.DateTimeField(null=True, blank=True, help_text="When the last backup was taken.")

    ONLY = 1

    def __str__(self) -> str:
        return str(self.name)

    @classmethod
    def here(cls) -> "Desk":
        return cls.objects.get_or_create(pk=cls.ONLY)[0]

    @classmethod
    def lock(cls) -> "Desk":
        """Until the end of the caller's transaction: what every machine does on its start, one does at a time."""
        cls.here()
        return cls.objects.select_for_update().get(pk=cls.ONLY)

    def note_backup(self, taken_at: datetime) -> None:
        self.backed_up_at = taken_at
        self.save(update_fields=["backed_up_at"])

    def note_seal(self, seal: str) -> None:
        self.seal = seal
        self.save(update_fields=["seal"])

    def note_mark(self, now: datetime) -> None:
        self.marked_at = now
        self.save(update_fields=["marked_at"])


class Heartbeat(models.Model):
    """When a worker cluster last finished a job. Its supervisor restarts it when this stands still for too long."""

    name = models.CharField(max_length=200, unique=True, help_text="Machine and process of the supervisor.")
    seen_at = models.DateTimeField()

    KEPT_FOR = timedelta(days=1)

    class Meta:
        ordering = ["-seen_at"]

    def __str__(self) -> str:
        return f"{self.name}, {self.seen_at:%Y-%m-%d %H:%M:%S}"

    @classmethod
    def note(cls, name: str, at_most_every: timedelta) -> None:
        """`name` is alive now. A row that is fresh enough is left alone, so that busy workers do not write all day."""
        now = timezone.now()
        if not cls.objects.filter(name=name, seen_at__range=(now - at_most_every, now)).exists():
            cls.objects.update_or_create(name=name, defaults={"seen_at": now})

    @classmethod
    def forget_future(cls) -> None:
        """Of before the clock was put back."""
        cls.objects.filter(seen_at__gt=timezone.now()).delete()

    @classmethod
    def forget_old(cls) -> None:
        cls.objects.filter(seen_at__lt=timezone.now() - cls.KEPT_FOR).delete()


class Symptom(models.Model):
    """A finding that has been told. It goes away when what was found is mended."""

    key = models.CharField(max_length=200, unique=True)
    sentence = models.TextField()
    client = models.ForeignKey("publishing.Client", models.CASCADE, null=True, blank=True, related_name="+")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["since"]

    def __str__(self) -> str:
        return self.sentence
