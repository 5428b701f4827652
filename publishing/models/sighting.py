from django.db import models

from publishing.platforms import likeness
from sophia.membership import Visible


class SightingQuerySet(Visible["Sighting"]):
    whose = "publication__account__client"

    def there(self) -> "SightingQuerySet":
        return self.filter(verdict__in=[Sighting.Verdict.LIVE, Sighting.Verdict.DIFFERS])

    def telling(self) -> "SightingQuerySet":
        """Those that could tell."""
        return self.exclude(verdict=Sighting.Verdict.UNCLEAR)


class Sighting(models.Model):
    """One look at a published post: what the public saw at that time. Never changed, never deleted."""

    class Verdict(models.TextChoices):
        LIVE = "live", "there, as it was approved"
        GONE = "gone", "not there"
        DIFFERS = "differs", "there, with another text"
        UNCLEAR = "unclear", "it cannot be told: it may be hidden from Sophia"

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
    def is_unclear(self) -> bool:
        return self.verdict == self.Verdict.UNCLEAR

    @property
    def differs(self) -> bool:
        return self.verdict == self.Verdict.DIFFERS

    def tells_more_than(self, earlier: "Sighting | None") -> bool:
        """Whether its text is news to whoever knows the earlier one."""
        return earlier is None or self.verdict != earlier.verdict or not likeness.same(self.message, earlier.message)
