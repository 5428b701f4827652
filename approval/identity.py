"""Whether what is brought is there already: by its ref, else by account, content and time. Every door asks here."""

import hashlib
from collections.abc import Collection
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from approval.decision import Decision
from approval.versions import beside

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


def of(digest: str, suggested_at: datetime | None) -> str:
    """`digest`: of the draft as it is brought. It covers the account too."""
    at = suggested_at.astimezone(UTC).isoformat() if suggested_at else ""
    return hashlib.sha256(f"{digest} {at}".encode()).hexdigest()


def known(refs: Collection[str], identities: Collection[str]) -> Q:
    return Q(ref__in=refs) | Q(identity__in=identities)


class Identified(models.Model):
    """The part of Draft by which it is known when it is brought again. Whatever becomes of it, that stays."""

    ref = models.CharField(
        max_length=200, null=True, blank=True, unique=True, help_text="The sender's own id: importing it twice is once."
    )
    identity = models.CharField(
        max_length=64,
        null=True,
        blank=True,
        unique=True,
        editable=False,
        help_text="Of what was brought without a ref.",
    )

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        title: Any
        suggested_at: Any

        @property
        def decisions(self) -> "RelatedManager[Decision]": ...

    def as_brought(self, name: str) -> Any:
        """Its title or suggested time before anybody changed it."""
        diffs = [each.diff for each in sorted(self.decisions.all(), key=lambda each: each.pk)]
        return next((diff[name][0] for diff in diffs if name in diff), beside(self.title, self.suggested_at)[name])
