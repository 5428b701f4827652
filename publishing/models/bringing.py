"""Who brought an image, and whose posts it has been in. The same bytes are one image, brought by several perhaps."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q, Sum
from django.utils import timezone

from publishing.models.client import Client
from sophia.membership import Visible
from sophia.refusals import NotAcceptable

if TYPE_CHECKING:
    from sophia.tokens.models import Token

MEGABYTE = 10**6
LATELY = timedelta(days=1)


class UploadQuerySet(models.QuerySet["Upload"]):
    def note(self, sha256: str, *, by: User, token: "Token | None", at: datetime) -> None:
        """The caller holds the image's row."""
        self.update_or_create(image_id=sha256, by=by, token=token, defaults={"at": at})

    def brought(self, person: User, token: "Token | None" = None) -> "UploadQuerySet":
        """By a person, through whatever door; by a token that is limited to some clients, only its own."""
        return self.filter(token=token) if token and token.limited else self.filter(by=person)

    def require_room(self, by: User, size: int) -> None:
        """In any 24 hours a person, with all of their tokens, brings so much. The same image again counts once."""
        lately = self.filter(by=by, at__gt=timezone.now() - LATELY).order_by().values("image").distinct()
        total = lately.aggregate(total=Sum("image__size"))["total"] or 0
        if total + size > settings.SOPHIA_UPLOADS_PER_DAY * MEGABYTE:
            most = settings.SOPHIA_UPLOADS_PER_DAY
            raise NotAcceptable(
                f"You have added {total // MEGABYTE:,} MB of images in the last 24 hours; Sophia takes {most:,} MB "
                "from one person. Wait, or ask an administrator."
            )


class Upload(models.Model):
    image = models.ForeignKey("publishing.Image", models.CASCADE, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    token = models.ForeignKey("tokens.Token", models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(help_text="The last time.")

    objects = UploadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "by"], condition=Q(token=None), name="brought_once_by_a_person"),
            models.UniqueConstraint(fields=["image", "token"], name="brought_once_by_a_token"),
        ]
        indexes = [models.Index(fields=["by", "at"], name="brought_lately")]

    def __str__(self) -> str:
        return f"{self.image_id[:12]} from {self.by}"


class UseQuerySet(Visible["Use"]):
    def note(self, images: list[str], client: int) -> None:
        self.bulk_create([Use(image_id=sha256, client_id=client) for sha256 in images], ignore_conflicts=True)


class Use(models.Model):
    """It is, or was, in a post of this client. What was decided tells of it, also after it was taken out again."""

    image = models.ForeignKey("publishing.Image", models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    since = models.DateTimeField(default=timezone.now)

    objects = UseQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["image", "client"], name="used_once_by_a_client")]

    def __str__(self) -> str:
        return f"{self.image_id[:12]} for {self.client}"
