"""A sheet to draw on. It is twice as large as the picture and halved in the end, so that edges are smooth."""

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from random import Random

from PIL import Image, ImageColor, ImageDraw, ImageFilter, ImageFont

from sophia.demo.pictures.shapes import Point, oval

SCALE = 2
Paint = str | tuple[str, str]
"""One colour, or one from the top and one at the bottom. `#rrggbbaa` lets what is below shine through."""


class Canvas:
    def __init__(self, width: int, height: int, paint: Paint):
        self.width, self.height = width, height
        self.image = blend((width * SCALE, height * SCALE), paint)

    def fill(self, points: Sequence[Point], paint: Paint) -> None:
        if isinstance(paint, str):
            ImageDraw.Draw(self.image, "RGBA").polygon(enlarged(points), paint)
        else:
            self._through(points, lambda size: blend(size, paint))

    def stroke(self, points: Sequence[Point], width: float, colour: str) -> None:
        """A line with round ends."""
        draw = ImageDraw.Draw(self.image, "RGBA")
        draw.line(enlarged(points), colour, round(width * SCALE), joint="curve")
        for x, y in (points[0], points[-1]) if width > 2 else ():
            draw.polygon(enlarged(oval(x, y, width / 2)), colour)

    def shade(
        self, points: Sequence[Point], colour: str = "#00000060", *, dx: float = 0, dy: float = 16, blur: float = 18
    ) -> None:
        """A soft shadow of what will stand there. Drawn at an eighth of the size: nobody sees that in a blur."""
        less = 8
        reach = 3 * blur
        left, top = (min(p[i] for p in points) + d - reach for i, d in ((0, dx), (1, dy)))
        right, bottom = (max(p[i] for p in points) + d + reach for i, d in ((0, dx), (1, dy)))
        left, top, right, bottom = max(left, 0), max(top, 0), min(right, self.width), min(bottom, self.height)
        mask = Image.new("L", (max(round((right - left) / less), 1), max(round((bottom - top) / less), 1)))
        outline = [((x + dx - left) / less, (y + dy - top) / less) for x, y in points]
        ImageDraw.Draw(mask).polygon(outline, alpha_of(colour))
        mask = mask.filter(ImageFilter.GaussianBlur(blur / less))
        self._veil(colour, left, top, mask.resize((mask.width * less, mask.height * less), Image.Resampling.BILINEAR))

    def glow(self, x: float, y: float, radius: float, colour: str) -> None:
        """Light, or dirt, that fades towards its edge."""
        strength = alpha_of(colour) / 255
        # Pillow's gradient is 179 at the middle of its sides and more only in the corners.
        fading = [round(255 * strength * (1 - min(v, 179) / 179) ** 1.5) for v in range(256)]
        mask = Image.radial_gradient("L").point(fading)
        self._veil(colour, x - radius, y - radius, mask.resize((round(2 * radius),) * 2, Image.Resampling.BILINEAR))

    @contextmanager
    def inside(self, points: Sequence[Point]) -> Iterator[None]:
        """What is drawn meanwhile is cut off at the outline."""
        below, self.image = self.image, self.image.copy()
        yield
        drawn, self.image = self.image, below
        left, top, right, bottom = bounds(points)
        self._through(points, lambda size: drawn.crop((left, top, right, bottom)))

    def speckle(self, points: Sequence[Point], colour: str, count: int, size: float, seed: int) -> None:
        chance = Random(seed)
        left, top, right, bottom = (edge / SCALE for edge in bounds(points))
        with self.inside(points):
            for _ in range(count):
                x, y, r = chance.uniform(left, right), chance.uniform(top, bottom), chance.uniform(0.3, 1) * size
                self.fill([(x - r, y), (x, y - r), (x + r, y), (x, y + r)], colour)

    def write(
        self, x: float, y: float, words: str, size: float, colour: str, *, bold: float = 0, anchor: str = "mm"
    ) -> None:
        """`bold` is how many pixels thicker the strokes are on each side."""
        font = ImageFont.load_default(size=size * SCALE)
        weight = round(bold * SCALE)
        draw = ImageDraw.Draw(self.image)
        draw.text((x * SCALE, y * SCALE), words, colour, font, anchor=anchor, stroke_width=weight, stroke_fill=colour)

    def finished(self) -> Image.Image:
        return self.image.reduce(SCALE)

    def jpeg(self) -> bytes:
        out = io.BytesIO()
        self.finished().save(out, "JPEG", quality=90)
        return out.getvalue()

    def _veil(self, colour: str, left: float, top: float, mask: Image.Image) -> None:
        """What is soft needs no more than the size of the finished picture."""
        mask = mask.resize((mask.width * SCALE, mask.height * SCALE), Image.Resampling.NEAREST)
        self.image.paste(colour[:7], (round(left * SCALE), round(top * SCALE)), mask)

    def _through(self, points: Sequence[Point], paint: Callable[[tuple[int, int]], Image.Image]) -> None:
        left, top, right, bottom = bounds(points)
        mask = Image.new("L", (right - left, bottom - top))
        ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in enlarged(points)], 255)
        self.image.paste(paint(mask.size), (left, top), mask)


def blend(size: tuple[int, int], paint: Paint) -> Image.Image:
    if isinstance(paint, str):
        return Image.new("RGB", size, paint)
    width, height = size
    top, bottom = (Image.new("RGB", (1, height), colour) for colour in paint)
    column = Image.composite(bottom, top, Image.linear_gradient("L").resize((1, height)))
    return column.resize((width, height), Image.Resampling.NEAREST)


def enlarged(points: Sequence[Point]) -> list[Point]:
    return [(x * SCALE, y * SCALE) for x, y in points]


def bounds(points: Sequence[Point]) -> tuple[int, int, int, int]:
    """On the enlarged sheet, never empty."""
    xs, ys = zip(*enlarged(points), strict=True)
    left, top = int(min(xs)), int(min(ys))
    return left, top, max(int(max(xs)) + 1, left + 1), max(int(max(ys)) + 1, top + 1)


def alpha_of(colour: str) -> int:
    _, _, _, *alpha = ImageColor.getrgb(colour)
    return alpha[0] if alpha else 255
