"""What a person sees of a picture, as plain pixels: upright, in sRGB, on white."""

import io
from functools import cache
from itertools import product

from PIL import Image as Pillow
from PIL import ImageCms, ImageOps

from publishing import profiles

ORIENTATION = 0x0112
DEEP = {"I", "I;16", "I;16B"}
"""Grey with 16 bits."""
FULL = 65_535
MEANT_FOR = {"GRAY": "L", "RGB ": "RGB", "CMYK": "CMYK"}
UNDONE = (ImageCms.PyCMSError, OSError, ValueError, TypeError)
"""A profile that cannot be read is no profile: browsers do the same."""
STEPS = range(0, 256, 15)


def plain(picture: Pillow.Image, depth: int) -> Pillow.Image:
    """In grey or RGB, with 8 bits. `depth`: how many each sample of the file has."""
    colours, alpha = apart(shallow(keyed(ImageOps.exif_transpose(picture), depth)))
    return on_white(to_srgb(colours, profiles.of(picture)), alpha)


def is_plain(picture: Pillow.Image, depth: int) -> bool:
    """Its pixels as they are stored are those that a person sees."""
    return (
        depth <= 8
        and picture.mode in {"1", "L", "P", "RGB"}
        and not picture.has_transparency_data
        and picture.getexif().get(ORIENTATION, 1) == 1
        and says_srgb(profiles.of(picture), picture.mode)
    )


def keyed(picture: Pillow.Image, depth: int) -> Pillow.Image:
    """With its transparent colour in the same measure as its pixels: Pillow leaves it as the file has it."""
    key = picture.info.get("transparency")
    if picture.mode == "L" and isinstance(key, int):
        picture.info["transparency"] = key * 255 // (2**depth - 1)
    if picture.mode == "RGB" and depth == 16 and isinstance(key, tuple):
        picture.info["transparency"] = tuple(value >> 8 for value in key)
    return picture


def shallow(picture: Pillow.Image) -> Pillow.Image:
    """Grey of 16 bits as one of 8. Pillow itself would cut off whatever is lighter than 255."""
    if picture.mode not in DEEP:
        return picture
    wide, key = picture.convert("I"), picture.info.get("transparency")
    grey = wide.point([round(value / 257) for value in range(FULL + 1)], "L")
    if isinstance(key, int):
        grey.putalpha(wide.point([0 if value == key else 255 for value in range(FULL + 1)], "L"))
    grey.info.pop("transparency", None)
    return grey


def apart(picture: Pillow.Image) -> tuple[Pillow.Image, Pillow.Image | None]:
    """Its colours, and how opaque each of them is."""
    grey = picture.mode in {"1", "L", "LA"}
    if picture.has_transparency_data:
        both = picture.convert("LA" if grey else "RGBA")
        return both.convert("L" if grey else "RGB"), both.getchannel("A")
    return picture if picture.mode == "CMYK" else picture.convert("L" if grey else "RGB"), None


def to_srgb(colours: Pillow.Image, profile: bytes | None) -> Pillow.Image:
    grey = colours.mode == "L"
    converted = converted_by(profile, colours) if profile else None
    return (converted or colours).convert("L" if grey and is_grey(profile) else "RGB")


def converted_by(profile: bytes, colours: Pillow.Image) -> Pillow.Image | None:
    """None where the profile is damaged, or meant for other colours than these."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = MEANT_FOR[source.profile.xcolor_space]
        if mode != colours.mode and (mode, colours.mode) != ("RGB", "L"):
            return None
        return ImageCms.profileToProfile(colours.convert(mode), source, srgb(), outputMode="RGB")
    except (*UNDONE, KeyError):
        return None


def is_grey(profile: bytes | None) -> bool:
    """Grey stays grey, but for a profile of colours: that may give it a tint."""
    return not profile or profile[16:20] != b"RGB "


def says_srgb(profile: bytes | None, mode: str) -> bool:
    """It changes no colour by more than one step of 255: what it says is what everybody assumes without it."""
    if not profile:
        return True
    samples = sampled("L" if mode in {"1", "L"} else "RGB")
    converted = converted_by(profile, samples)
    if converted is None:
        return True
    pairs = zip(samples.convert("RGB").tobytes(), converted.tobytes(), strict=True)
    return all(abs(one - other) <= 1 for one, other in pairs)


@cache
def sampled(mode: str) -> Pillow.Image:
    if mode == "L":
        return Pillow.frombytes("L", (256, 1), bytes(range(256)))
    colours = bytes(value for colour in product(STEPS, repeat=3) for value in colour)
    return Pillow.frombytes("RGB", (len(STEPS), len(STEPS) ** 2), colours)


def on_white(colours: Pillow.Image, alpha: Pillow.Image | None) -> Pillow.Image:
    if alpha is None:
        return colours
    white = Pillow.new(colours.mode, colours.size, "white")
    white.paste(colours, mask=alpha)
    return white


@cache
def srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
