import io
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image as Pillow
from PIL.PngImagePlugin import PngInfo

from publishing import images, unpacking
from publishing.models import Image
from sophia.refusals import NotAcceptable
from tests import make

pytestmark = pytest.mark.django_db


def saved(picture: Pillow.Image, kind: str, **options) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def stored(image: Image) -> Pillow.Image:
    return Pillow.open(io.BytesIO(image.read()))


def test_an_image_is_kept_once_under_its_hash():
    first, second = (images.store(make.jpeg(), name) for name in ("a.jpg", "b.jpeg"))
    assert first == second
    assert first.path.stem == first.sha256
    assert Image.objects.count() == 1


def test_the_stored_copy_is_upright_and_has_no_metadata():
    exif = Pillow.Exif()
    exif[0x0112] = 6  # turned a quarter
    exif[0x010F] = "A camera that tells where you live"
    image = images.store(make.jpeg(400, 200, exif=exif.tobytes()), "phone.jpg")
    assert (image.width, image.height) == (200, 400)
    assert not stored(image).getexif()
    assert b"camera" not in image.read()


def test_the_stored_copy_is_a_baseline_jpeg():
    image = images.store(make.jpeg(progressive=True), "web.jpg")
    assert not stored(image).info.get("progressive")


def test_cmyk_becomes_rgb():
    image = images.store(saved(Pillow.new("CMYK", (50, 50)), "JPEG"), "print.jpg")
    assert stored(image).mode == "RGB"


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L", "LA", "1"])
def test_png_of_every_kind_is_kept(mode):
    image = images.store(saved(Pillow.new(mode, (30, 20)), "PNG"), "logo.png")
    assert (image.mime, stored(image).size) == ("image/png", (30, 20))


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"", "a.jpg", "is empty"),
        (SVG, "a.svg", "not a readable JPEG or PNG"),
        (SVG, "a.jpg", "not a readable JPEG or PNG"),
        (b"<html><script>alert(1)</script>", "a.jpg", "not a readable JPEG or PNG"),
        (make.jpeg()[:200], "a.jpg", "not a readable JPEG or PNG"),
        (make.jpeg(), "a.png", "is named .png but is a JPEG"),
        (make.jpeg(), "a.exe", "must be named .jpg"),
        (saved(Pillow.new("RGB", (9, 9)), "GIF"), "a.gif", "not a readable JPEG or PNG"),
        (saved(Pillow.new("RGB", (9, 9)), "WEBP"), "a.webp", "not a readable JPEG or PNG"),
        (b"x" * (images.MAX_UPLOAD + 1), "a.jpg", "takes up to 30 MB"),
    ],
)
def test_what_is_not_an_honest_image_is_refused_with_a_sentence(data, name, says):
    with pytest.raises(NotAcceptable, match=says):
        images.store(data, name)
    assert not Image.objects.exists()


def renumbered(data: bytes, ids: dict[int, int]) -> bytes:
    """The same JPEG with other numbers for its quantisation tables: legal, and some cameras write it so."""
    out, at = bytearray(data), 2
    while out[at + 1] != 0xDA:
        size = int.from_bytes(out[at + 2 : at + 4])
        if out[at + 1] == 0xDB:
            for place in range(at + 4, at + 2 + size, 65):
                out[place] = ids[out[place]]
        if out[at + 1] == 0xC0:
            for place in range(at + 12, at + 2 + size, 3):
                out[place] = ids[out[place]]
        at += 2 + size
    return bytes(out)


@pytest.mark.parametrize(
    ("mode", "ids"), [("RGB", {0: 2, 1: 3}), ("RGB", {0: 3, 1: 1}), ("L", {0: 1}), ("CMYK", {0: 2, 1: 3})]
)
def test_a_jpeg_may_number_its_tables_as_it_likes(mode, ids):
    data = renumbered(saved(Pillow.new(mode, (40, 30)), "JPEG", quality=70), ids)
    assert stored(images.store(data, "camera.jpg")).size == (40, 30)


def test_tables_that_no_baseline_jpeg_holds_are_left_behind():
    assert unpacking.least_loss({0: [1] * 63 + [256]}) == unpacking.least_loss({}) == {"quality": 95}


@pytest.mark.parametrize("cut", range(20, 700, 31))
def test_a_damaged_file_is_refused_or_kept_but_never_crashes(cut):
    data = bytearray(make.jpeg(64, 64, exif=b"Exif\0\0MM\0*" + b"\xff" * 40))
    data[cut : cut + 6] = b"\xff\0\xff\xd8\0\0"
    with suppress(NotAcceptable):
        images.store(bytes(data), "damaged.jpg")


@pytest.mark.parametrize("side", [8_000, 20_000])
def test_a_bomb_is_refused_before_it_unpacks(side):
    with pytest.raises(NotAcceptable, match="more than 40 megapixels"):
        images.store(saved(Pillow.new("1", (side, side)), "PNG"), "bomb.png")


def test_an_animated_png_is_refused():
    frames = [Pillow.new("RGB", (9, 9), color) for color in ("red", "blue")]
    data = saved(frames[0], "PNG", save_all=True, append_images=frames[1:])
    with pytest.raises(NotAcceptable, match="animated"):
        images.store(data, "a.png")


def test_a_folder_in_the_name_goes_nowhere():
    image = images.store(make.jpeg(), "../../../etc/a.jpg")
    assert image.path.name == f"{image.sha256}.jpg"


def test_a_damaged_file_is_put_right_when_the_image_comes_again():
    image = images.store(make.jpeg(), "a.jpg")
    image.path.write_bytes(b"damaged")
    images.store(make.jpeg(), "a.jpg")
    assert stored(image).size == (800, 800)


def test_an_intact_file_is_never_written_again():
    image = images.store(make.jpeg(), "a.jpg")
    before = image.path.stat().st_mtime_ns, image.path.stat().st_ino
    images.store(make.jpeg(), "a.jpg")
    assert (image.path.stat().st_mtime_ns, image.path.stat().st_ino) == before


def of_every_kind():
    """Files that are kept as they are, written again, and turned."""
    exif = Pillow.Exif()
    exif[0x0112] = 6
    yield "a.jpg", make.jpeg()
    yield "a.jpg", make.jpeg(progressive=True)
    yield "a.jpg", make.jpeg(400, 200, exif=exif.tobytes())
    yield "a.png", saved(Pillow.new("RGB", (30, 20), "teal"), "PNG")
    yield "a.png", saved(Pillow.new("RGBA", (30, 20)), "PNG")


@pytest.mark.parametrize(("name", "data"), [*of_every_kind()])
def test_what_a_process_of_its_own_makes_of_a_picture_is_the_same(name, data, monkeypatch):
    here = images.store(data, name)
    monkeypatch.setattr(unpacking, "LIGHT_BYTES", 0)
    assert images.store(data, name) == here


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (SVG, "a.jpg", "a.jpg is not a readable JPEG or PNG"),
        (make.jpeg()[:200], "ação.jpg", "ação.jpg is not a readable JPEG or PNG"),
        (make.jpeg(), "a.png", "is named .png but is a JPEG"),
    ],
)
def test_a_process_of_its_own_refuses_with_the_same_sentences(data, name, says, monkeypatch):
    monkeypatch.setattr(unpacking, "LIGHT_BYTES", 0)
    with pytest.raises(NotAcceptable, match=says):
        images.store(data, name)


def test_a_picture_that_takes_too_long_is_refused_and_leaves_nothing(monkeypatch):
    monkeypatch.setattr(images, "PATIENCE", 0.01)
    with pytest.raises(NotAcceptable, match="takes too much work to unpack"):
        images.store(make.jpeg(progressive=True), "a.jpg")
    assert not Image.objects.exists()
    assert list((Path(settings.MEDIA_ROOT) / "images").iterdir()) == []


@pytest.mark.parametrize("greed", ["bytearray(2**31)", "while True: pass"])
def test_what_unpacks_may_take_so_much_and_no_more(greed):
    code = f"from publishing import unpacking; unpacking.MOST_SECONDS = 1; unpacking.limit()\n{greed}"
    done = subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, env={}, capture_output=True)
    assert b"MemoryError" in done.stderr or done.returncode == -signal.SIGKILL


def test_scans_without_end_are_left_to_a_process_of_its_own():
    data = make.jpeg(progressive=True)
    at = data.rindex(unpacking.SCAN)
    assert not unpacking.is_light(data[:-2] + data[at:-2] * 50 + data[-2:])


@pytest.mark.parametrize("keyword", ["zTXt", "iTXt"])
def test_words_that_unpack_are_left_to_a_process_of_its_own(keyword):
    words = PngInfo()
    words.add_text("Comment", "a" * 5000, zip=True) if keyword == "zTXt" else words.add_itxt("Comment", "a" * 5000)
    data = saved(Pillow.new("RGB", (9, 9)), "PNG", pnginfo=words)
    assert not unpacking.is_light(data)
    assert unpacking.is_light(saved(Pillow.new("RGB", (9, 9)), "PNG"))


def test_the_largest_picture_leaves_the_web_as_small_as_it_was(tmp_path):
    """Decoded there it took 650 MB."""
    picture, code = (
        tmp_path / "a.png",
        "import django; django.setup(); from tests.publishing import weighed; weighed.of()",
    )
    picture.write_bytes(saved(Pillow.new("RGBA", (8000, 5000)), "PNG"))
    told = subprocess.run(
        [sys.executable, "-c", code, picture, tmp_path / "copy"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
    )
    assert int(told.stdout) < 50, told.stderr
    with Pillow.open(tmp_path / "copy") as copy:
        assert copy.size == (8000, 5000)


def unpacking_now():
    """The processes of ours that unpack at this moment, with what their environment holds."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == os.getpid() and b"publishing.unpacking" in (folder / "cmdline").read_bytes():
                yield folder.name, (folder / "environ").read_bytes()


def test_of_many_images_at_once_few_are_unpacked_at_a_time(tmp_path):
    most, told = 0, set()
    with ThreadPoolExecutor(6) as pool:
        data = make.jpeg(2000, 2000, progressive=True)
        pending = [pool.submit(images.unpack, data, "a.jpg", tmp_path / f"{number}") for number in range(6)]
        while not all(one.done() for one in pending):
            seen = list(unpacking_now())
            most, told = max(most, len(seen)), told | {environment for _, environment in seen}
    assert most == 2
    assert not any(b"SECRET" in environment or b"KEY" in environment for environment in told)
    assert [one.result() for one in pending] == ["image/jpeg"] * 6
