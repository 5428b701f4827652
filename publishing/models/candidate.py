"""A public post that may be a publication's own, until a person says which it is. Never more than a hint."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone

from publishing.platforms import ownership
from publishing.platforms.base import Receipt
from sophia.membership import Visible

LINK = 500


class CandidateQuerySet(Visible["Candidate"]):
    whose = "publication__account__client"

    def keep(self, publication: int, found: Iterable[ownership.Candidate]) -> None:
        """What was kept before stays as it is: a person may have refused it."""
        for post in found:
            receipt = post.receipt
            facts = {
                "permalink": receipt.permalink[:LINK],
                "message": post.message,
                "made_at": post.made_at,
                "images": post.images,
                "picture": post.picture[:LINK],
                "weak": post.weak,
            }
            self.get_or_create(publication_id=publication, post_id=receipt.post_id, defaults=facts)

    def pasted(self, publication: int, seen: ownership.Seen) -> "Candidate":
        """That a person has pasted the link of."""
        facts = {"permalink": seen.receipt.permalink[:LINK], "message": seen.message}
        row, _ = self.get_or_create(publication_id=publication, post_id=seen.receipt.post_id, defaults=facts)
        return row

    def refuse(self, *, by: User) -> None:
        self.filter(refused_at=None).update(refused_at=timezone.now(), refused_by=by)


class Candidate(models.Model):
    publication = models.ForeignKey("publishing.Publication", models.PROTECT, related_name="candidates")
    post_id = models.CharField(max_length=100)
    permalink = models.URLField(max_length=LINK, blank=True)
    message = models.TextField(blank=True)
    made_at = models.DateTimeField(null=True, blank=True, help_text="On the platform's clock.")
    images = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty: the platform does not tell.")
    picture = models.URLField(max_length=LINK, blank=True)
    weak = models.BooleanField(default=False, help_text="It has no words: only time and number of images fit.")
    found_at = models.DateTimeField(default=timezone.now)
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = CandidateQuerySet.as_manager()

    class Meta:
        ordering = ["weak", "pk"]
        constraints = [models.UniqueConstraint(fields=["publication", "post_id"], name="one_candidate_per_post")]

    def __str__(self) -> str:
        return self.permalink or self.post_id

    @property
    def receipt(self) -> Receipt:
        return Receipt(self.post_id, self.permalink)

    @property
    def is_refused(self) -> bool:
        return self.refused_at is not None

    def appeared_at(self, earliest: datetime, latest: datetime) -> datetime:
        """When it became public, as far as that is known."""
        return min(max(self.made_at or latest, earliest), latest)
