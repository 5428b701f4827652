from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils import timezone

from approval.clientlinks.models import ClientLink
from publishing.models import Publication
from sophia.doors import Via
from sophia.membership import Visible


class DecisionQuerySet(Visible["Decision"]):
    whose = "draft__account__client"


class Decision(models.Model):
    """Who did which verb to a draft, when, through which door. Never changed, never deleted."""

    class Verb(models.TextChoices):
        WRITTEN = "written"
        SUBMITTED = "submitted"
        EDITED = "edited"
        AGREED = "agreed", "Agreed to"
        APPROVED = "approved"
        REJECTED = "rejected"
        SKIPPED = "skipped"
        REOPENED = "reopened"
        WITHDRAWN = "withdrawn"

    draft = models.ForeignKey("approval.Draft", models.PROTECT, related_name="decisions")
    verb = models.CharField(max_length=10, choices=Verb.choices)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="decisions")
    at = models.DateTimeField(default=timezone.now)
    via = models.CharField(max_length=10, choices=Via.choices)
    note = models.TextField(blank=True)
    tags = models.JSONField(default=list, blank=True)
    diff = models.JSONField(default=dict, blank=True, help_text="Each changed field with what it was and what it is.")
    cuts = models.JSONField(
        default=dict, blank=True, help_text="How the texts of the diff differ: sophia/comparing.py."
    )
    digest = models.CharField(max_length=64, help_text="Of the draft as it was decided on.")
    publication = models.ForeignKey(Publication, models.PROTECT, null=True, blank=True, related_name="decisions")
    shown = models.JSONField(default=dict, blank=True, help_text="What of the draft was on the screen, and where.")
    client_link = models.ForeignKey(
        ClientLink, models.PROTECT, null=True, blank=True, related_name="decisions", help_text="Whose hand it was."
    )

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(by__isnull=False) | Q(verb__in=["written", "submitted"]), name="people_decide"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.who} has {self.get_verb_display().lower()} {self.draft}{self.whereby}"

    @property
    def kind(self) -> str:
        """Of its notice."""
        through_a_link = self.client_link and self.verb == Decision.Verb.APPROVED
        return "draft.approved_by_client" if through_a_link else f"draft.{self.verb}"

    @property
    def sentence(self) -> str:
        """Of its notice, with the reason where somebody has to go on from it."""
        if self.verb == Decision.Verb.AGREED:
            return f"{self}. Another person has to approve it too."
        why = self.why if self.verb in TURNED_DOWN else ""
        return f"{self}: {why}" if why else f"{self}."

    @property
    def why(self) -> str:
        return ". ".join(filter(None, [", ".join(self.tags), self.note.strip()]))

    @property
    def unseen(self) -> list[str]:
        """What its screen held and never came in sight, as far as a script could tell."""
        return [part for part in self.shown.get("parts", []) if part not in self.shown.get("in_sight", [part])]

    @property
    def who(self) -> str:
        if self.client_link:
            return f"{self.client_link.person} (client)"
        return self.by.get_username() if self.by else "An import"

    @property
    def whereby(self) -> str:
        return f" through a link that {self.by} gave" if self.client_link else ""


TURNED_DOWN = {Decision.Verb.REJECTED, Decision.Verb.SKIPPED, Decision.Verb.WITHDRAWN}
"""Whoever wrote or submitted it has to hear why."""
APPROVING = {Decision.Verb.AGREED, Decision.Verb.APPROVED}
