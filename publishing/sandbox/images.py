"""The bytes of images, each in a file named by its hash."""

import hashlib
import io
import os
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from PIL import Image as Pillow
from PIL import UnidentifiedImageError


@dataclass(frozen=True)
class Facts:
    sha256: str
    mime: str
    width: int
    height: int
    format: str

    @property
    def ratio(self) -> float:
        return self.width / self.height

    @property
    def columns(self) -> dict[str, str | int]:
        """For a Picture or a Container."""
        return {"sha256": self.sha256, "mime": self.mime, "width": self.width, "height": self.height}


def measure(data: bytes) -> Facts | None:
    """None when it is no image that a browser shows."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Pillow.DecompressionBombWarning)
            with Pillow.open(io.BytesIO(data)) as picture:
                kind, size = picture.format or "", picture.size
    except (UnidentifiedImageError, Pillow.DecompressionBombError, OSError, SyntaxError, ValueError):
        return None
    mime = "image/jpeg" if data.startswith(b"\xff\xd8\xff") else Pillow.MIME.get(kind, "application/octet-stream")
    return Facts(hashlib.sha256(data).hexdigest(), mime, *size, kind)


def path_of(sha256: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "sandbox" / sha256


def keep(data: bytes, facts: Facts) -> None:
    path = path_of(facts.sha256)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as partial:
        partial.write(data)
    os.replace(partial.name, path)
