"""Decodes a picture, and writes a clean copy of it. Run as a program it does so in a process of its own, which may take
so much memory and time and no more, works behind everybody else, and holds no secret of the desk."""

import io
import json
import os
import resource
import struct
import sys
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import Any

from PIL import Image as Pillow
from PIL import ImageCms, JpegImagePlugin

from publishing import colours, lossless
from sophia.refusals import NotAcceptable

MAX_PIXELS = 40_000_000
"""About a 40-megapixel photo. Pillow needs 160 MB for each of its copies; a bomb asks for far more."""
TOO_MANY_PIXELS = f"{{}} would unpack to more than {MAX_PIXELS // 10**6} megapixels. Make it smaller first."
MOST_MEMORY = 2**30
"""Bytes of addresses. The dearest of the largest, a transparent PNG, takes 650 MB."""
MOST_SECONDS = 20
"""Of the processor. The same PNG takes eight."""
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
LIGHT_BYTES = 2**20
LIGHT_PIXELS = 1_500_000
"""What a phone shows. With Pillow's copies 24 MB at most."""
SQUEEZED = (b"zTXt", b"iTXt")
"""Words in a PNG that unpack to 64 MB before its first pixel."""
SCAN = b"\xff\xda"
SCANS = 8
"""A JPEG draws itself anew with each, which may be thousands. A plain one has up to three, and its thumbnail too."""


def is_light(data: bytes) -> bool:
    """Decoded at once it takes less than starting a process would. What cannot even be opened is said at once too."""
    if len(data) > LIGHT_BYTES or data.count(SCAN) > SCANS or any(name in data for name in SQUEEZED):
        return False
    try:
        with quietly(), opened(data) as picture:
            return picture.width * picture.height <= LIGHT_PIXELS
    except (*UNREADABLE, Pillow.DecompressionBombError):
        return True


def unpacked(data: bytes, name: str) -> tuple[bytes, str]:
    """The clean copy, and its type. NotAcceptable for what cannot be read."""
    try:
        with quietly():
            return cleaned(data, name)
    except Pillow.DecompressionBombError:
        raise NotAcceptable(TOO_MANY_PIXELS.format(name)) from None
    except UNREADABLE as error:
        raise NotAcceptable(f"{name} is not a readable JPEG or PNG image. Save it as JPEG and try again.") from error


@contextmanager
def quietly() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL\.")
        yield


def opened(data: bytes) -> Pillow.Image:
    """Its head alone is read."""
    return Pillow.open(io.BytesIO(data), formats=["JPEG", "PNG"])


def cleaned(data: bytes, name: str) -> tuple[bytes, str]:
    picture = opened(data)
    refuse_what_no_platform_takes(picture, name)
    mime = KINDS[picture.format or ""]
    refuse_lying_name(name, mime, picture.format or "")
    if mime == "image/png":
        picture.load()  # What it tells may stand behind its pixels.
    depth = data[PNG_DEPTH] if mime == "image/png" else 8
    if colours.is_plain(picture, depth) and (kept := untouched(data, mime)):
        read_through(picture)
        return kept, mime
    return encode(colours.plain(picture, depth), mime, picture), mime


def read_through(picture: Pillow.Image) -> None:
    """To its end. That it can be read is all that is asked: a JPEG is drawn as small as it can be."""
    picture.draft(picture.mode, (picture.width // 8 or 1, picture.height // 8 or 1))
    picture.load()


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


def limit() -> None:
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(into: str, name: str) -> dict[str, str]:
    """Reads the file from stdin, writes the copy to `into`, and says its type or why there is none."""
    limit()
    try:
        copy, mime = unpacked(sys.stdin.buffer.read(), name)
    except NotAcceptable as refused:
        return {"refused": str(refused)}
    Path(into).write_bytes(copy)
    return {"mime": mime}


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
