"""Uploaded images become stored copies: decoded, without metadata, named by their hash. What is stored looks like the
file, wherever it is shown: upright, in sRGB, on white."""

import hashlib
import json
import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path, PurePath
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from PIL import Image as Pillow

from publishing import unpacking
from publishing.models.bringing import Upload
from publishing.models.image import Image
from sophia import media
from sophia.refusals import NotAcceptable

if TYPE_CHECKING:
    from sophia.tokens.models import Token

log = logging.getLogger(__name__)
MAX_UPLOAD = 30 * 1024 * 1024
at_a_time = BoundedSemaphore(2)
"""At most so many processes unpack for one of ours. The largest takes half a gigabyte for seconds: a dozen that come
together, of 130 kB each, must wait instead of killing the machine."""
PATIENCE = 120
"""Seconds on the clock, for a process that works behind everybody else."""


def store(data: bytes, filename: str, *, by: User | None = None, token: "Token | None" = None) -> Image:
    """Keep a clean copy of an uploaded image, for whoever brings it. Without `by` a machine does. NotAcceptable, with
    what to do, for anything that is not what it says, and where there is no room for it."""
    name = PurePath(filename).name or "The image"
    refuse_size(data, name)
    media.require_room()
    if by:
        Upload.objects.require_room(by, len(data))
    folder = Path(settings.MEDIA_ROOT) / "images"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix="unpacking-") as beside:
        copy = Path(beside) / "copy"
        return keep(copy, unpack(data, name, copy), by, token)


def refuse_size(data: bytes, name: str) -> None:
    if not data:
        raise NotAcceptable(f"{name} is empty.")
    if len(data) > MAX_UPLOAD:
        raise NotAcceptable(f"{name} has {len(data) / 2**20:.0f} MB; Sophia takes up to {MAX_UPLOAD // 2**20} MB.")


def unpack(data: bytes, name: str, copy: Path) -> str:
    """Writes the clean copy, and says its type. NotAcceptable for what cannot be read."""
    if not unpacking.is_light(data):
        return elsewhere(data, name, copy)
    clean, mime = unpacking.unpacked(data, name)
    copy.write_bytes(clean)
    return mime


def elsewhere(data: bytes, name: str, copy: Path) -> str:
    """In a process of its own: what a large picture takes would be taken from every page."""
    command = [sys.executable, "-m", unpacking.__name__, str(copy), name]
    try:
        with at_a_time:
            done = subprocess.run(
                command, input=data, capture_output=True, cwd=settings.BASE_DIR, env={}, timeout=PATIENCE
            )
        answer = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError) as wrong:
        log.warning("Unpacking an image came to no end: %s", wrong)
        raise NotAcceptable(f"{name} takes too much work to unpack. Make it smaller, or save it as JPEG.") from None
    if said := answer.get("refused"):
        raise NotAcceptable(said)
    return str(answer["mime"])


def keep(copy: Path, mime: str, by: User | None, token: "Token | None") -> Image:
    """The row first, and held: what is there already must not be let go meanwhile."""
    with Pillow.open(copy) as picture:
        width, height = picture.size
    sha256 = hash_of(copy)
    facts, now = {"mime": mime, "width": width, "height": height, "size": copy.stat().st_size}, timezone.now()
    with transaction.atomic():
        image, _ = Image.objects.select_for_update().get_or_create(sha256=sha256, defaults=facts)
        Image.objects.filter(pk=sha256).update(brought_at=now)
        if by:
            Upload.objects.note(sha256, by=by, token=token, at=now)
    put_once(image, copy)
    return image


def hash_of(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def put_once(image: Image, copy: Path) -> None:
    """A file whose bytes match its name is never touched; a missing or damaged one is put right in one step."""
    path = image.path
    if path.exists() and hash_of(path) == image.sha256:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with copy.open("rb") as written:
        os.fsync(written.fileno())
    os.replace(copy, path)
