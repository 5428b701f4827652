from pathlib import Path

from django.conf import settings
from django.db import models


class Image(models.Model):
    """The stored copy of an image, named by the SHA-256 of its bytes. Never deleted while something refers to it."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    mime = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField(help_text="Bytes.")
    created_at = models.DateTimeField(auto_now_add=True)

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
