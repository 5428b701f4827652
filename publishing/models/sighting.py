from django.db import models

from sophia.membership import Visible


class SightingQuerySet(Visible["Sighting"]):
    whose = "publication__account__client"


class Sighting(models.Model):
    """One look at a published post: what the public saw at that time. Never changed, never deleted."""

    class Verdict(models.TextChoices):
        LIVE = "live", "there, as it was approved"
        GONE = "gone", "not there"
        DIFFERS = "differs", "there, with another text"

    publication = models.ForeignKey("publishing.Publication", models.PROTECT, related_name="sightings")
    at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    message = models.TextField(blank=True, help_text="The text there, where it is another one.")
    calls = models.JSONField(default=list, blank=True, help_text="Every call that was made, and its answer.")

    objects = SightingQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"Publication {self.publication_id} at {self.at:%Y-%m-%d %H:%M:%S}: {self.get_verdict_display()}"

    @property
    def is_gone(self) -> bool:
        return self.verdict == self.Verdict.GONE

    @property
    def differs(self) -> bool:
        return self.verdict == self.Verdict.DIFFERS

    def tells_more_than(self, earlier: "Sighting | None") -> bool:
        """Whether its text is news to whoever knows the earlier one."""
        return earlier is None or (self.verdict, self.message.split()) != (earlier.verdict, earlier.message.split())
