from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from sophia.membership import Visible


class ImageQuerySet(Visible["Image"]):
    def of_clients(self, clients: Collection[int]) -> Q:
        """Those in a post of theirs. An image has no client: the same bytes are one row."""
        found = Q(pk__in=[])
        for relation in self.pictures():
            rows = relation.related_model._default_manager.filter(image=OuterRef("pk"))
            found |= Q(Exists(rows.filter(rows.of_clients(clients))))
        return found

    def loose(self) -> "ImageQuerySet":
        """In no post, such as those that somebody has just uploaded."""
        rows = self
        for relation in self.pictures():
            rows = rows.filter(~Exists(relation.related_model._default_manager.filter(image=OuterRef("pk"))))
        return rows

    def pictures(self) -> list[Any]:
        """What refers to images: the pictures of each kind of post."""
        return [field for field in Image._meta.get_fields(include_hidden=True) if field.one_to_many]


class Image(models.Model):
    """The stored copy of an image, named by the SHA-256 of its bytes. Never deleted while something refers to it."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    mime = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField(help_text="Bytes.")
    created_at = models.DateTimeField(auto_now_add=True)

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
