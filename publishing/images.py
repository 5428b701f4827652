"""Uploaded images become stored copies: decoded, without metadata, named by their hash. What is stored looks like the
file, wherever it is shown: upright, in sRGB, on white."""

import hashlib
import io
import os
import struct
import tempfile
import warnings
import zlib
from pathlib import PurePath
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from PIL import Image as Pillow
from PIL import ImageCms, JpegImagePlugin

from publishing import colours, lossless
from publishing.models.bringing import Upload
from publishing.models.image import Image
from sophia import media
from sophia.refusals import NotAcceptable

if TYPE_CHECKING:
    from sophia.tokens.models import Token

MAX_UPLOAD = 30 * 1024 * 1024
MAX_PIXELS = 40_000_000
"""About a 40-megapixel photo. Pillow needs 120 MB for each of its copies; a bomb asks for far more."""
unpacking = BoundedSemaphore(2)
"""At most so many are unpacked at a time in one process. The largest takes half a gigabyte for two seconds: a dozen
that come together, of 130 kB each, must wait instead of killing the web."""
TOO_MANY_PIXELS = f"{{}} would unpack to more than {MAX_PIXELS // 10**6} megapixels. Make it smaller first."
KINDS = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png"}
PNG_DEPTH = 24
"""The place of the byte that says how many bits a sample has."""
EXTENSIONS = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png"}
UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    TypeError,
    LookupError,
    ArithmeticError,
    MemoryError,
    struct.error,
    zlib.error,
    ImageCms.PyCMSError,
)
"""What Pillow raises, in one place or another, for files that are damaged or made to hurt."""


def store(data: bytes, filename: str, *, by: User | None = None, token: "Token | None" = None) -> Image:
    """Keep a clean copy of an uploaded image, for whoever brings it. Without `by` a machine does. NotAcceptable, with
    what to do, for anything that is not what it says, and where there is no room for it."""
    name = PurePath(filename).name or "The image"
    refuse_size(data, name)
    media.require_room()
    if by:
        Upload.objects.require_room(by, len(data))
    return keep(*unpacked(data, name), by, token)


def unpacked(data: bytes, name: str) -> tuple[bytes, str]:
    """The clean copy, and its type. NotAcceptable for what cannot be read."""
    try:
        with unpacking, warnings.catch_warnings():
            warnings.filterwarnings("ignore", module=r"PIL\.")
            return cleaned(data, name)
    except Pillow.DecompressionBombError:
        raise NotAcceptable(TOO_MANY_PIXELS.format(name)) from None
    except UNREADABLE as error:
        raise NotAcceptable(f"{name} is not a readable JPEG or PNG image. Save it as JPEG and try again.") from error


def refuse_size(data: bytes, name: str) -> None:
    if not data:
        raise NotAcceptable(f"{name} is empty.")
    if len(data) > MAX_UPLOAD:
        raise NotAcceptable(f"{name} has {len(data) / 2**20:.0f} MB; Sophia takes up to {MAX_UPLOAD // 2**20} MB.")


def cleaned(data: bytes, name: str) -> tuple[bytes, str]:
    picture = decode(data, name)
    mime = KINDS[picture.format or ""]
    refuse_lying_name(name, mime, picture.format or "")
    depth = data[PNG_DEPTH] if mime == "image/png" else 8
    if colours.is_plain(picture, depth) and (kept := untouched(data, mime)):
        return kept, mime
    return encode(colours.plain(picture, depth), mime, picture), mime


def decode(data: bytes, name: str) -> Pillow.Image:
    picture = Pillow.open(io.BytesIO(data), formats=["JPEG", "PNG"])
    refuse_what_no_platform_takes(picture, name)
    picture.load()
    return picture


def refuse_what_no_platform_takes(picture: Pillow.Image, name: str) -> None:
    if picture.width * picture.height > MAX_PIXELS:
        raise NotAcceptable(TOO_MANY_PIXELS.format(name))
    if picture.format == "PNG" and getattr(picture, "is_animated", False):
        raise NotAcceptable(f"{name} is animated; platforms take still images.")


def refuse_lying_name(name: str, mime: str, kind: str) -> None:
    suffix = PurePath(name).suffix.lower()
    if suffix not in EXTENSIONS:
        raise NotAcceptable(f"{name} must be named .jpg, .jpeg or .png; it is a {kind} image.")
    if EXTENSIONS[suffix] != mime:
        raise NotAcceptable(f"{name} is named {suffix} but is a {kind} image. Name it rightly or save it again.")


def untouched(data: bytes, mime: str) -> bytes | None:
    """The same pixels. Progressive JPEGs are written anew: they fail on Instagram now and then (platforms.md B1)."""
    return lossless.png(data) if mime == "image/png" else lossless.jpeg(data)


def encode(plain: Pillow.Image, mime: str, original: Pillow.Image) -> bytes:
    """Baseline JPEG or PNG, with no metadata."""
    out = io.BytesIO()
    plain.info = {}
    if mime == "image/png":
        plain.save(out, "PNG", optimize=False)
    else:
        plain.save(out, "JPEG", progressive=False, subsampling=sampling(original), **least_loss(tables_of(original)))
    return out.getvalue()


def sampling(original: Pillow.Image) -> str:
    """As its colours are stored. One that Pillow cannot write, or that lies on its side now, is given all of them."""
    found = JpegImagePlugin.get_sampling(original)
    turned = original.getexif().get(colours.ORIENTATION, 1) > 4
    return {2: "4:2:0", 1: "4:4:4" if turned else "4:2:2"}.get(found, "4:4:4")


def tables_of(original: Pillow.Image) -> dict[int, list[int]]:
    return getattr(original, "quantization", None) or {}


def least_loss(tables: dict[int, list[int]]) -> dict[str, Any]:
    """The tables of the original lose least. Its ids may be any, and a baseline JPEG holds entries of eight bits."""
    found = [list(tables[number]) for number in sorted(tables)]
    if 1 <= len(found) <= 4 and all(1 <= entry <= 255 for table in found for entry in table):
        return {"qtables": found}
    return {"quality": 95}


def keep(data: bytes, mime: str, by: User | None, token: "Token | None") -> Image:
    """The row first, and held: what is there already must not be let go meanwhile."""
    with Pillow.open(io.BytesIO(data)) as picture:
        width, height = picture.size
    sha256 = hashlib.sha256(data).hexdigest()
    facts, now = {"mime": mime, "width": width, "height": height, "size": len(data)}, timezone.now()
    with transaction.atomic():
        image, _ = Image.objects.select_for_update().get_or_create(sha256=sha256, defaults=facts)
        Image.objects.filter(pk=sha256).update(brought_at=now)
        if by:
            Upload.objects.note(sha256, by=by, token=token, at=now)
    write_once(image, data)
    return image


def write_once(image: Image, data: bytes) -> None:
    """A file whose bytes match its name is never touched; a missing or damaged one is put right in one step."""
    path = image.path
    if path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == image.sha256:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as partial:
        partial.write(data)
        partial.flush()
        os.fsync(partial.fileno())
    os.replace(partial.name, path)
