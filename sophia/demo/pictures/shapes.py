"""Outlines as points, in pixels of the finished picture. Angles are degrees, clockwise from three o'clock."""

from collections.abc import Sequence
from math import cos, pi, radians, sin
from random import Random

Point = tuple[float, float]
Points = list[Point]


def oval(x: float, y: float, rx: float, ry: float | None = None, *, wobble: float = 0, seed: int = 0) -> Points:
    """A circle or an ellipse; with `wobble` (a share of the radius) one that was made by hand."""
    ry = rx if ry is None else ry
    if not wobble:
        count = max(12, min(120, int(max(rx, ry) * 1.5)))
        turns = [2 * pi * step / count for step in range(count)]
        return [(x + rx * cos(turn), y + ry * sin(turn)) for turn in turns]
    chance = Random(seed)
    reach = [1 + chance.uniform(-wobble, wobble) for _ in range(11)]
    turns = [2 * pi * step / len(reach) for step in range(len(reach))]
    return smooth(
        [(x + rx * r * cos(turn), y + ry * r * sin(turn)) for r, turn in zip(reach, turns, strict=True)],
        steps=min(14, 3 + int(rx / 10)),
    )


def arc(x: float, y: float, rx: float, ry: float, start: float, end: float) -> Points:
    turns = [radians(start + (end - start) * step / 48) for step in range(49)]
    return [(x + rx * cos(turn), y + ry * sin(turn)) for turn in turns]


def box(left: float, top: float, right: float, bottom: float, corner: float = 0) -> Points:
    if not corner:
        return [(left, top), (right, top), (right, bottom), (left, bottom)]
    return [
        *arc(right - corner, top + corner, corner, corner, -90, 0),
        *arc(right - corner, bottom - corner, corner, corner, 0, 90),
        *arc(left + corner, bottom - corner, corner, corner, 90, 180),
        *arc(left + corner, top + corner, corner, corner, 180, 270),
    ]


def smooth(corners: Sequence[Point], *, closed: bool = True, steps: int = 14) -> Points:
    """A Catmull-Rom curve through the corners."""
    count = len(corners)
    if closed:
        around = [[corners[(i + k) % count] for k in (-1, 0, 1, 2)] for i in range(count)]
    else:
        ends = [corners[0], *corners, corners[-1]]
        around = [ends[i : i + 4] for i in range(count - 1)]
    points = [between(four, step / steps) for four in around for step in range(steps)]
    return points if closed else [*points, corners[-1]]


def between(four: Sequence[Point], t: float) -> Point:
    a, b, c, d = four
    x, y = (
        0.5 * (2 * b[i] + (c[i] - a[i]) * t + (2 * a[i] - 5 * b[i] + 4 * c[i] - d[i]) * t**2)
        + 0.5 * (3 * b[i] - a[i] - 3 * c[i] + d[i]) * t**3
        for i in (0, 1)
    )
    return x, y


def placed(points: Sequence[Point], x: float, y: float, *, turn: float = 0, scale: float = 1) -> Points:
    """Scaled and turned around the origin, then moved."""
    c, s = cos(radians(turn)) * scale, sin(radians(turn)) * scale
    return [(x + px * c - py * s, y + px * s + py * c) for px, py in points]


def leaf(x: float, y: float, length: float, width: float, turn: float, *, fullest: float = 0.45) -> Points:
    """Starts at (x, y) and points towards `turn`. `fullest` is where along its length it is widest."""
    half = width / 2
    side = [(0.0, 0.0), (length * fullest * 0.45, half * 0.72), (length * fullest, half), (length * 0.8, half * 0.52)]
    outline = [*side, (length, 0.0), *((px, -py) for px, py in reversed(side[1:]))]
    return placed(smooth(outline, steps=6), x, y, turn=turn)


def heart(x: float, y: float, size: float) -> Points:
    turns = [2 * pi * step / 90 for step in range(90)]
    return [
        (
            x + size * sin(t) ** 3,
            y - size * (13 * cos(t) - 5 * cos(2 * t) - 2 * cos(3 * t) - cos(4 * t)) / 16,
        )
        for t in turns
    ]


def vessel(x: float, foot: float, profile: Sequence[Point]) -> Points:
    """Thrown on a wheel: `profile` is (half width, height above the foot) from the foot to the rim."""
    right = smooth([(x + half, foot - height) for half, height in profile], closed=False)
    return [*right, *((2 * x - px, py) for px, py in reversed(right))]
