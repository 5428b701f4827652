"""Which post on the platform a publication is, and how that is known. A guess is never taken for it."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone

from publishing.models.candidate import Candidate, CandidateQuerySet
from publishing.models.identification import Identification, IdentificationQuerySet
from publishing.models.states import PROVED, KnownBy, State
from publishing.models.watching import Watching
from publishing.platforms import ownership
from publishing.platforms.base import Receipt

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    class CandidateManager(RelatedManager[Candidate], CandidateQuerySet): ...  # type: ignore[misc]

    class IdentificationManager(RelatedManager[Identification], IdentificationQuerySet): ...  # type: ignore[misc]


BEGINNING = 60
"""Characters of a text by which a person finds the post."""


class Identity(Watching):
    """The part of Publication that knows which post it is."""

    KnownBy = KnownBy

    known_by = models.CharField(
        max_length=10,
        choices=KnownBy.choices,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="How it is known which post on the platform it is. Empty: nobody knows.",
    )
    named_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, editable=False, related_name="+", help_text="Who saw it there."
    )

    class Meta:
        abstract = True

    if TYPE_CHECKING:

        @property
        def candidates(self) -> "CandidateManager": ...
        @property
        def identifications(self) -> "IdentificationManager": ...
        @property
        def is_suspected(self) -> bool: ...

    @property
    def identity_is_proved(self) -> bool:
        """Only then may Sophia delete it."""
        return bool(self.post_id) and self.known_by in PROVED

    @property
    def is_unidentified(self) -> bool:
        """Public, and a person must say which post it is."""
        return self.state == State.PUBLISHED and self.identifications.open().exists()

    @property
    def asks_which(self) -> bool:
        """A person may say which post it is."""
        if self.state == State.MISSED:
            return self.is_suspected
        return self.state == State.UNCONFIRMED or (self.state == State.PUBLISHED and not self.identity_is_proved)

    @property
    def known_how(self) -> str:
        """A sentence. Empty before it is public."""
        if self.known_by == KnownBy.PERSON and self.named_by:
            return f"named by {self.named_by}, who saw it"
        return self.get_known_by_display() if self.known_by else ""

    def offered(self) -> list[Candidate]:
        """Candidates for a person to choose from: nobody has refused them, and no other publication has them."""
        known = self.account.known_post_ids() - {self.post_id}
        rows = self.candidates.filter(refused_at=None).exclude(post_id__in=known)
        return list(rows[: ownership.MOST])

    def name(self, receipt: Receipt, how: str, by: User | None = None) -> None:
        """Which post it is, and how that is known. The caller saves."""
        self.post_id, self.permalink = receipt.post_id, receipt.permalink or self.permalink
        self.known_by, self.named_by = how if receipt.post_id else "", by
        if not receipt.post_id:
            self.ask_which()

    def ask_which(self) -> None:
        """In the transaction that makes it public."""
        now = timezone.now()
        row = Identification(publication_id=self.pk, opened_at=now)
        row.next_at = row.next_step(now)
        row.save()
        self.say("publication.unidentified", f"{self} {self.which()}", urgent=not self.permalink)

    def which(self) -> str:
        """What nobody knows yet, as the rest of a sentence."""
        if self.permalink:
            return f"is public at {self.permalink}, but Sophia does not see it there yet. It looks again by itself."
        return "is public, but Sophia does not know which post it is: choose it on its page, or paste its link."

    def whereabouts(self) -> str:
        """Where a person finds it: its own address, or else the account's."""
        return self.permalink or self.account.home

    def removal_steps(self) -> tuple[str, ...]:
        """What a person does to remove it."""
        steps = self.account.removal_steps(self.whereabouts())
        return steps if self.permalink else (self.sought(), *steps)

    def sought(self) -> str:
        """By what a person tells it from the others."""
        images, text = len(self.framed()), self.outline().message
        words = f"that begins “{text[:BEGINNING].strip()}”" if text.strip() else f"without words, with {images} images"
        at = self.account.clock(self.published_at or self.publish_at)
        return f"Look for the post of about {at} {words}: {self.account.home}"
