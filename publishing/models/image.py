from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q

from publishing.models.bringing import Upload
from sophia import media
from sophia.membership import Visible, works_for

if TYPE_CHECKING:
    from sophia.tokens.models import Token


class ImageQuerySet(Visible["Image"]):
    def of_clients(self, clients: Collection[int]) -> Q:
        """Those that are or were in a post of theirs. The same bytes are one row, for whatever client."""
        found = Q(pk__in=[])
        for relation in self.pictures():
            rows = relation.related_model._default_manager.filter(image=OuterRef("pk"))
            found |= Q(Exists(rows.filter(rows.of_clients(clients))))
        return found

    def usable_by(self, person: User | None, token: "Token | None" = None) -> "ImageQuerySet":
        """What they may put into a post, and look at: what is in posts of their clients, and what they brought. Without
        a person it is a machine, which has the shell. Every door asks here, and so does the draft itself."""
        clients = token.client_ids() if token else works_for(person) if person else None
        if person is None or clients is None:
            return self
        theirs = Upload.objects.brought(person, token).filter(image=OuterRef("pk"))
        return self.filter(self.of_clients(clients) | Exists(theirs))

    def left(self, now: datetime) -> "ImageQuerySet":
        """Brought long ago, and never used."""
        return self.loose().filter(brought_at__lt=now - settings.SOPHIA_KEEP_LOOSE_IMAGES)

    def loose(self) -> "ImageQuerySet":
        """In no post, and never in one, such as those that somebody has just uploaded."""
        rows = self
        for relation in self.pictures():
            rows = rows.filter(~Exists(relation.related_model._default_manager.filter(image=OuterRef("pk"))))
        return rows

    def pictures(self) -> list[Any]:
        """What refers to images for a client: the pictures of each kind of post, and what once was one."""
        rows: list[Any] = [field for field in Image._meta.get_fields(include_hidden=True) if field.one_to_many]
        return [field for field in rows if isinstance(field.related_model._default_manager.all(), Visible)]


class Image(models.Model):
    """The stored copy of an image, named by the SHA-256 of its bytes. Never deleted while something refers to it."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    mime = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField(help_text="Bytes.")
    created_at = models.DateTimeField(auto_now_add=True)
    brought_at = models.DateTimeField(
        null=True, blank=True, db_index=True, help_text="The last time. Empty: before that was noted."
    )

    objects = ImageQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.sha256[:12]} ({self.width}×{self.height})"

    @property
    def extension(self) -> str:
        return {"image/jpeg": "jpg", "image/png": "png"}.get(self.mime, "unknown")

    @property
    def path(self) -> Path:
        return Path(settings.MEDIA_ROOT) / "images" / self.sha256[:2] / f"{self.sha256}.{self.extension}"

    @property
    def ratio(self) -> float:
        return self.width / self.height

    def read(self) -> bytes:
        """The bytes on disk, whatever they are now: the caller compares their hash. OSError when they are gone."""
        return self.path.read_bytes()

    def let_go(self, now: datetime) -> bool:
        """The row and the file, if nobody has used it or brought it again meanwhile. Other desks may mark the same
        folder and need the file: then it stays."""
        with transaction.atomic():
            held = type(self).objects.select_for_update().filter(pk=self.pk).first()
            if held is None or not type(self).objects.left(now).filter(pk=self.pk).exists():
                return False
            held.delete()
            if not media.is_shared():
                self.path.unlink(missing_ok=True)
        return True
