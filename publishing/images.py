"""Uploaded images become stored copies: decoded, turned upright, stripped of metadata, named by their hash."""

import hashlib
import io
import os
import struct
import tempfile
import warnings
import zlib
from pathlib import PurePath
from threading import BoundedSemaphore
from typing import Any

from PIL import Image as Pillow
from PIL import ImageCms, ImageOps

from publishing.models.image import Image
from sophia.refusals import NotAcceptable

MAX_UPLOAD = 30 * 1024 * 1024
MAX_PIXELS = 40_000_000
"""About a 40-megapixel photo. Pillow needs 120 MB for each of its copies; a bomb asks for far more."""
unpacking = BoundedSemaphore(2)
"""At most so many are unpacked at a time in one process. The largest takes half a gigabyte for two seconds: a dozen
that come together, of 130 kB each, must wait instead of killing the web."""
TOO_MANY_PIXELS = f"{{}} would unpack to more than {MAX_PIXELS // 10**6} megapixels. Make it smaller first."
KINDS = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png"}
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


def store(data: bytes, filename: str) -> Image:
    """Keep a clean copy of an uploaded image. NotAcceptable, with what to do, for anything that is not what it says."""
    name = PurePath(filename).name or "The image"
    refuse_size(data, name)
    return keep(*unpacked(data, name))


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
    return encode(upright(picture), mime, picture), mime


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


def upright(picture: Pillow.Image) -> Pillow.Image:
    """EXIF rotation applied, colours in sRGB: what a person sees is what the file holds without its metadata."""
    turned = ImageOps.exif_transpose(picture)
    profile = picture.info.get("icc_profile")
    if turned.mode == "CMYK" or (profile and turned.mode == "RGB"):
        turned = to_srgb(turned, profile)
    return turned


def to_srgb(picture: Pillow.Image, profile: bytes | None) -> Pillow.Image:
    if not profile:
        return picture.convert("RGB")
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return picture.convert("RGB")
    return converted or picture.convert("RGB")


def encode(clean: Pillow.Image, mime: str, original: Pillow.Image) -> bytes:
    """Baseline JPEG (progressive ones fail on Instagram now and then, platforms.md B1) or PNG, with no metadata."""
    out = io.BytesIO()
    bare = Pillow.new(clean.mode, clean.size)
    bare.paste(clean)
    if mime == "image/png":
        if clean.mode == "P":
            bare = clean.convert("RGBA" if "transparency" in clean.info else "RGB")
            bare.info.clear()
        bare.save(out, "PNG", optimize=False)
    else:
        rgb = bare if bare.mode in {"RGB", "L"} else bare.convert("RGB")
        rgb.save(out, "JPEG", progressive=False, **least_loss(getattr(original, "quantization", None) or {}))
    return out.getvalue()


def least_loss(tables: dict[int, list[int]]) -> dict[str, Any]:
    """The tables of the original lose least. Its ids may be any, and a baseline JPEG holds entries of eight bits."""
    found = [list(tables[number]) for number in sorted(tables)]
    if 1 <= len(found) <= 4 and all(1 <= entry <= 255 for table in found for entry in table):
        return {"qtables": found}
    return {"quality": 95}


def keep(data: bytes, mime: str) -> Image:
    with Pillow.open(io.BytesIO(data)) as picture:
        width, height = picture.size
    sha256 = hashlib.sha256(data).hexdigest()
    facts = {"mime": mime, "width": width, "height": height, "size": len(data)}
    image, _ = Image.objects.get_or_create(sha256=sha256, defaults=facts)
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
    os.chmod(partial.name, 0o644)
    os.replace(partial.name, path)
