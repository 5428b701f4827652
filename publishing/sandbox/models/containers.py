from datetime import timedelta

from django.db import models

from publishing.sandbox.models.accounts import Account
from publishing.sandbox.models.knobs import now

LIFE = timedelta(hours=24)


class Container(models.Model):
    """What Instagram prepares before it is published. Its status is worked out from dated facts."""

    class Kind(models.TextChoices):
        IMAGE = "image"
        ITEM = "item", "carousel item"
        CAROUSEL = "carousel"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="containers")
    graph_id = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    items = models.JSONField(default=list, blank=True)
    caption = models.TextField(blank=True)
    alt = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    mime = models.CharField(max_length=40, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    app_id = models.CharField(max_length=32)
    polls = models.PositiveIntegerField(default=0)
    error_subcode = models.PositiveIntegerField(null=True, blank=True)
    error_text = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=now)
    published_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.graph_id

    @property
    def status(self) -> str:
        if self.published_at:
            return "PUBLISHED"
        if self.created_at + LIFE <= now():
            return "EXPIRED"
        if self._is_processing():
            return "IN_PROGRESS"
        return "ERROR" if self.error_subcode else "FINISHED"

    def _is_processing(self) -> bool:
        knobs = self.account.knobs
        ready_at = self.created_at + timedelta(seconds=knobs["processing_seconds"])
        return self.polls < knobs["in_progress_polls"] or now() < ready_at

    @property
    def explanation(self) -> str:
        """The sentence in the field `status` (platforms.md B2)."""
        return {
            "PUBLISHED": "Published: Media has been successfully published.",
            "EXPIRED": "Expired: Media was not published within 24 hours.",
            "IN_PROGRESS": "In Progress: Media is still being processed.",
            "ERROR": f"Error: {self.error_subcode}, {self.error_text}",
            "FINISHED": "Finished: Media has been uploaded and it is ready to be published.",
        }[self.status]

    def count_poll(self) -> None:
        type(self).objects.filter(pk=self.pk).update(polls=models.F("polls") + 1)
