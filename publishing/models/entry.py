"""The history of a publication: what was decided and what became of it, line by line, each sealed with the one before.

Lines are only added, in one place: `Recorded.record`, which every saved transition calls. Whoever can write rows but
has no key can take lines away, and then nothing goes out; they cannot write one.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q

from publishing import seal
from publishing.models.client import Client
from publishing.models.sealed_line import SealedLine
from sophia.membership import Visible

if TYPE_CHECKING:
    from publishing.models.recorded import Recorded

Terms = dict[str, Any]
BEGINNINGS = {"schedule", "vouch"}
"""The verbs with which a history begins: it was approved, or sealed in afterwards by `seal_history`."""


class EntryQuerySet(Visible["Entry"]):
    def add(self, publication: "Recorded", verb: str, found: Terms, who: User | None, now: datetime) -> "Entry":
        """In the transaction that has locked the publication. `found`: the terms before the verb."""
        entry = following(self.filter(publication=publication.pk).last(), publication, verb, found, who, now)
        entry.save(force_insert=True)
        return entry

    def unwitnessed(self) -> "EntryQuerySet":
        return self.filter(witnessed_at=None)


class Entry(SealedLine):
    publication = models.ForeignKey("publishing.Publication", models.PROTECT, related_name="history")
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", help_text="Whose it was then.")
    verb = models.CharField(max_length=40)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    found = models.CharField(max_length=64, blank=True, help_text="Digest of the terms that the verb found.")
    terms = models.JSONField(help_text="The publication as the verb left it.")
    witnessed_at = models.DateTimeField(
        null=True, blank=True, help_text="When its client's history took note. Not sealed."
    )

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        verbose_name_plural = "entries"
        constraints = [models.UniqueConstraint(fields=["publication", "number"], name="one_entry_of_a_number")]
        indexes = [models.Index(fields=["id"], condition=Q(witnessed_at=None), name="entry_to_witness")]

    def __str__(self) -> str:
        return f"{self.verb.replace('_', ' ')}, line {self.number} of publication {self.publication_id}"

    @property
    def state(self) -> str:
        """Where the verb left the publication."""
        return str(self.terms.get("state", ""))

    def statement(self) -> str:
        return seal.statement(
            "history",
            publication=self.publication_id,
            client=self.client_id,
            number=self.number,
            verb=self.verb,
            at=self.at,
            by=self.by_id,
            found=self.found,
            terms=self.terms,
            before=self.before,
        )


def following(
    last: Entry | None, publication: "Recorded", verb: str, found: Terms, who: User | None, now: datetime
) -> Entry:
    entry = Entry(
        publication_id=publication.pk,
        client_id=publication.client_id,
        number=last.number + 1 if last else 1,
        verb=verb,
        at=now,
        by=who,
        found=seal.digest(found) if found else "",
        terms=publication.terms(),
        before=last.digest() if last else "",
    )
    entry.renew_seal()
    return entry


def fault_in(lines: Sequence[Entry]) -> str:
    """What is wrong with a history as such, or nothing."""
    before, found = "", ""
    for number, line in enumerate(lines, 1):
        if line.number != number:
            return f"line {number} of its history is gone"
        if not line.holds or line.before != before:
            return f"line {number} of its history is not what Sophia wrote"
        if line.found != found or (number == 1) != (line.verb in BEGINNINGS):
            return f"it was changed behind Sophia's back before line {number} of its history"
        before, found = line.digest(), seal.digest(line.terms)
    return ""
