"""What is stored looks like the file, for every way in which a file may say its colours."""

import io
import struct
import zlib

import pytest
from PIL import Image as Pillow
from PIL import ImageCms, JpegImagePlugin

from publishing import images, profiles

pytestmark = pytest.mark.django_db

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
P3 = {
    b"rXYZ": (0.51512, 0.2412, -0.00105),
    b"gXYZ": (0.29198, 0.69225, 0.04189),
    b"bXYZ": (0.1571, 0.06657, 0.78407),
}
PEACH, IN_P3 = (152, 77, 45), (142, 81, 52)


def display_p3() -> bytes:
    """The profile of sRGB with the three primaries of Apple's screens."""
    profile = bytearray(SRGB)
    for entry in range(132, 132 + 12 * int.from_bytes(profile[128:132]), 12):
        if (name := bytes(profile[entry : entry + 4])) in P3:
            at = int.from_bytes(profile[entry + 4 : entry + 8]) + 8
            profile[at : at + 12] = struct.pack(">3i", *(round(value * 65536) for value in P3[name]))
    return bytes(profile)


def saved(picture: Pillow.Image, kind: str = "PNG", **options) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def png(depth: int, colour: int, pixels: bytes, *chunks: tuple[bytes, bytes], width: int = 2) -> bytes:
    """A row of pixels, written by hand: Pillow writes few of the kinds that it reads."""
    head = struct.pack(">2I5B", width, 1, depth, colour, 0, 0, 0)
    parts = [(b"IHDR", head), *chunks, (b"IDAT", zlib.compress(b"\0" + pixels)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts
    )


def stored(data: bytes, name: str = "a.png") -> Pillow.Image:
    return Pillow.open(io.BytesIO(images.store(data, name).read()))


def seen(data: bytes, name: str = "a.png") -> list[tuple[int, ...]]:
    kept = stored(data, name)
    assert "icc_profile" not in kept.info
    assert not kept.has_transparency_data
    return list(kept.convert("RGB").get_flattened_data())


def close(one, other) -> bool:
    return all(abs(a - b) <= 1 for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_a_screenshot_in_display_p3_keeps_its_colours(mode):
    picture = Pillow.new("RGB", (2, 1), IN_P3)
    picture = picture.quantize() if mode == "P" else picture.convert(mode)
    assert close(seen(saved(picture, icc_profile=display_p3()))[0], PEACH)


def test_a_photo_in_display_p3_keeps_its_colours():
    picture = Pillow.new("RGB", (16, 16), IN_P3)
    assert close(seen(saved(picture, "JPEG", quality=100, icc_profile=display_p3()), "a.jpg")[0], PEACH)


@pytest.mark.parametrize(("mode", "kind"), [("L", "PNG"), ("LA", "PNG"), ("L", "JPEG")])
def test_grey_with_a_profile_of_its_own_keeps_its_lightness(mode, kind):
    picture = Pillow.new("L", (16, 16), 110).convert(mode)
    data = saved(picture, kind, icc_profile=profiles.grey_profile(1 / 1.8))
    assert close(seen(data, f"a.{kind.lower()}")[0], (129, 129, 129))


def test_grey_stays_one_channel():
    data = saved(Pillow.new("L", (9, 9), 110), "JPEG", icc_profile=profiles.grey_profile(1 / 1.8))
    assert stored(data, "a.jpg").mode == "L"


def test_colours_are_converted_before_they_are_laid_on_white():
    picture = Pillow.new("RGBA", (1, 1), (*IN_P3, 128))
    half = [round(255 - (255 - value) * 128 / 255) for value in PEACH]
    assert close(seen(saved(picture, icc_profile=display_p3()))[0], half)


def test_cmyk_is_read_by_its_own_profile_alone():
    data = saved(Pillow.new("CMYK", (9, 9), (0, 255, 255, 0)), "JPEG", icc_profile=display_p3())
    assert close(seen(data, "a.jpg")[0], (254, 0, 0))


def test_a_damaged_profile_is_none():
    data = saved(Pillow.new("RGBA", (1, 1), (*PEACH, 255)), icc_profile=b"no profile at all")
    assert seen(data) == [PEACH]


def test_a_logo_lies_on_white():
    assert seen(png(8, 6, bytes([0, 0, 0, 0, 10, 20, 30, 255]))) == [(255, 255, 255), (10, 20, 30)]
    assert seen(png(8, 4, bytes([0, 0, 40, 255]))) == [(255, 255, 255), (40, 40, 40)]


PALETTE = (b"PLTE", bytes([255, 0, 255, 1, 2, 3]))


@pytest.mark.parametrize(
    ("depth", "colour", "pixels", "chunks", "expected"),
    [
        (8, 2, [255, 0, 255, 1, 2, 3], [(b"tRNS", b"\0\xff\0\0\0\xff")], (1, 2, 3)),
        (8, 0, [200, 40], [(b"tRNS", b"\0\xc8")], (40, 40, 40)),
        (4, 0, [0x51], [(b"tRNS", b"\0\x05")], (17, 17, 17)),
        (2, 0, [0b10_01_0000], [(b"tRNS", b"\0\x02")], (85, 85, 85)),
        (1, 0, [0b10_000000], [(b"tRNS", b"\0\x01")], (0, 0, 0)),
        (16, 0, [0x80, 1, 0x80, 2], [(b"tRNS", b"\x80\x01")], (128, 128, 128)),
        (16, 2, [255, 0, 0, 7, 255, 0, 1, 0, 2, 0, 3, 0], [(b"tRNS", b"\xff\0\0\x07\xff\0")], (1, 2, 3)),
        (8, 3, [0, 1], [PALETTE, (b"tRNS", b"\0")], (1, 2, 3)),
        (8, 3, [0, 1], [PALETTE, (b"tRNS", b"\0\xff")], (1, 2, 3)),
    ],
)
def test_a_transparent_colour_is_white_in_every_kind_of_png(depth, colour, pixels, chunks, expected):
    assert seen(png(depth, colour, bytes(pixels), *chunks)) == [(255, 255, 255), expected]


def test_a_palette_may_be_half_transparent():
    assert seen(png(8, 3, b"\0\1", PALETTE, (b"tRNS", b"\x80\xff"))) == [(255, 127, 255), (1, 2, 3)]


@pytest.mark.parametrize(
    ("colour", "pixels", "expected"),
    [
        (0, [0x40, 0, 0xC0, 0], 64),
        (2, [0x40, 0] * 3 + [0xC0, 0] * 3, 64),
        (4, [0x40, 0, 255, 255, 0xC0, 0, 255, 255], 64),
    ],
)
def test_sixteen_bits_become_eight_of_the_same_lightness(colour, pixels, expected):
    assert seen(png(16, colour, bytes(pixels)))[0] == (expected,) * 3


def test_a_png_may_tell_its_colours_without_a_profile():
    primaries = [31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000]
    chunks = [(b"gAMA", struct.pack(">I", 45455)), (b"cHRM", struct.pack(">8I", *primaries))]
    shown = seen(png(8, 2, bytes([*IN_P3] * 2), *chunks))[0]
    assert all(abs(one - other) <= 6 for one, other in zip(shown, PEACH, strict=True))
    assert seen(png(8, 0, b"\x37\x37", (b"gAMA", struct.pack(">I", 100_000))))[0] == (128, 128, 128)


def test_what_everybody_assumes_needs_no_converting():
    chunks = [(b"gAMA", struct.pack(">I", 45455)), (b"pHYs", b"\0" * 9)]
    data = png(8, 2, bytes([*PEACH] * 2))
    assert images.store(png(8, 2, bytes([*PEACH] * 2), *chunks), "a.png").read() == data


# Copies


def sampling(data: bytes) -> int:
    return JpegImagePlugin.get_sampling(Pillow.open(io.BytesIO(data)))


def red_lines(**options) -> bytes:
    picture = Pillow.new("RGB", (64, 64), "white")
    for column in range(0, 64, 2):
        picture.paste((200, 0, 0), (column, 0, column + 1, 64))
    return saved(picture, "JPEG", **{"quality": 95} | options)


def test_a_clean_jpeg_is_stored_byte_for_byte():
    data = red_lines(subsampling="4:4:4")
    assert images.store(data, "a.jpg").read() == data


@pytest.mark.parametrize("told", [{"comment": b"Written by hand"}, {"icc_profile": SRGB}, {"dpi": (72, 72)}])
def test_what_a_jpeg_tells_is_cut_off_and_its_pixels_stay(told):
    plain, kept = red_lines(subsampling="4:2:2"), images.store(red_lines(subsampling="4:2:2", **told), "a.jpg").read()
    assert Pillow.open(io.BytesIO(kept)).tobytes() == Pillow.open(io.BytesIO(plain)).tobytes()
    assert len(kept) == len(plain)


def test_nothing_after_the_end_of_a_picture_is_kept():
    assert images.store(red_lines() + b"<script>a second file</script>", "a.jpg").read() == red_lines()
    small = png(8, 2, bytes([*PEACH] * 2))
    assert images.store(small + b"<script>a second file</script>", "a.png").read() == small


def test_a_small_picture_inside_is_not_kept():
    data = red_lines()
    inside = data[:4] + b"\0\x13" + data[6:-1][:12] + b"\1\1\xaa\xbb\xcc" + data[20:]
    assert images.store(inside[:4] + b"\0\x13" + inside[6:], "a.jpg").read() == data


@pytest.mark.parametrize("way", ["4:4:4", "4:2:2", "4:2:0"])
def test_a_copy_keeps_the_sampling_and_the_tables(way):
    data = red_lines(subsampling=way, progressive=True)
    kept = images.store(data, "a.jpg").read()
    assert sampling(kept) == sampling(data)
    assert Pillow.open(io.BytesIO(kept)).quantization == Pillow.open(io.BytesIO(data)).quantization


def test_red_lines_stay_red_on_a_photo_that_is_turned():
    exif = Pillow.Exif()
    exif[0x0112] = 6
    kept = images.store(red_lines(subsampling="4:4:4", exif=exif.tobytes()), "a.jpg").read()
    shown = Pillow.open(io.BytesIO(kept))
    assert sampling(kept) == 0
    assert close(shown.getpixel((30, 30)), Pillow.open(io.BytesIO(red_lines(subsampling="4:4:4"))).getpixel((30, 33)))


def test_what_is_sampled_in_one_direction_is_sampled_in_none_when_it_is_turned():
    exif = Pillow.Exif()
    exif[0x0112] = 6
    assert sampling(images.store(red_lines(subsampling="4:2:2", exif=exif.tobytes()), "a.jpg").read()) == 0
