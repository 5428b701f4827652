"""A link under which a client's calendar can be read by a calendar program, until somebody revokes it."""

import uuid
from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.core.signing import BadSignature, Signer
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from publishing.models.client import Client
from sophia import people, security
from sophia.membership import Visible
from sophia.refusals import WrongState


def signer() -> Signer:
    return Signer(sep=".", salt="publishing.feed")


class FeedQuerySet(Visible["Feed"]):
    def in_force(self) -> Self:
        return self.filter(revoked_at=None)

    def make(self, client: Client, *, by: User) -> "Feed":
        people.require(by, people.OPERATE, of=client.pk)
        with transaction.atomic():
            made = self.create(client=client, made_by=by)
            security.note(security.Kind.CALENDAR_LINK, by=by, about=made, said="Made.")
        return made

    def named(self, ticket: str) -> "Feed | None":
        """The one whose link ends in `ticket`, unless it was revoked. None also for a link that we never made."""
        try:
            key = uuid.UUID(hex=signer().unsign(ticket))
        except (BadSignature, ValueError):
            return None
        return self.in_force().filter(key=key).select_related("client").first()


class Feed(models.Model):
    """Its link is signed, not stored: the database alone does not lead to it, and it can be shown again."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="feeds")
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="feed_is_revoked_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"Calendar link {self.pk} of {self.client}"

    @property
    def link(self) -> str:
        return settings.SOPHIA_PUBLIC_URL + reverse("calendar:feed", args=[signer().sign(self.key.hex)])

    def revoke(self, *, by: User) -> None:
        """From now on its link leads nowhere."""
        people.require(by, people.OPERATE, of=self.client_id)
        with transaction.atomic():
            revoked = Feed.objects.in_force().filter(pk=self.pk).update(revoked_at=timezone.now(), revoked_by=by)
            if not revoked:
                raise WrongState(f"{self} is revoked already.")
            security.note(security.Kind.CALENDAR_LINK, by=by, about=self, said="Revoked.")
        self.refresh_from_db(fields=["revoked_at", "revoked_by"])
