"""Which colours the numbers of a picture stand for. A PNG may say it in a profile, or by gamma and primaries alone."""

import struct

from PIL import Image as Pillow

D50 = (0.9642, 1.0, 0.8249)
SRGB = (0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06)
"""White, red, green and blue, each as x and y."""
SRGB_GAMMA = 1 / 2.2
TO_CONES = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))
"""Bradford's matrix. A profile is written for the white of print, and eyes adapt."""
Row = tuple[float, float, float]
Matrix = tuple[Row, Row, Row]


def of(picture: Pillow.Image) -> bytes | None:
    """An ICC profile, or None: then it is sRGB, as everywhere on the web."""
    if profile := picture.info.get("icc_profile"):
        return bytes(profile)
    gamma = picture.info.get("gamma")
    if not gamma or "srgb" in picture.info:
        return None
    primaries = picture.info.get("chromaticity") or SRGB
    if abs(gamma - SRGB_GAMMA) < 0.005 and all(abs(a - b) < 0.005 for a, b in zip(primaries, SRGB, strict=True)):
        return None
    return grey_profile(gamma) if picture.mode in {"1", "L", "LA"} else colour_profile(primaries, gamma)


def grey_profile(gamma: float) -> bytes:
    return written(b"GRAY", {b"wtpt": place(D50), b"kTRC": curve(1 / gamma)})


def colour_profile(primaries: tuple[float, ...], gamma: float) -> bytes | None:
    try:
        columns = adapted(primaries)
    except ZeroDivisionError:
        return None
    tags = {name: place(column) for name, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), columns, strict=True)}
    return written(
        b"RGB ", {b"wtpt": place(D50), **tags, **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve(1 / gamma))}
    )


def adapted(primaries: tuple[float, ...]) -> Matrix:
    """Red, green and blue at their full, seen under the white of print."""
    white, *colours = (to_xyz(x, y) for x, y in zip(primaries[::2], primaries[1::2], strict=True))
    shares = times(inverse(turned((colours[0], colours[1], colours[2]))), white)
    there, here = times(TO_CONES, white), times(TO_CONES, D50)
    full = [scaled(colour, share) for colour, share in zip(colours, shares, strict=True)]
    red, green, blue = (
        times(inverse(TO_CONES), product(times(TO_CONES, colour), quotient(here, there))) for colour in full
    )
    return red, green, blue


def to_xyz(x: float, y: float) -> Row:
    return x / y, 1.0, (1 - x - y) / y


def scaled(row: Row, by: float) -> Row:
    return row[0] * by, row[1] * by, row[2] * by


def product(one: Row, other: Row) -> Row:
    return one[0] * other[0], one[1] * other[1], one[2] * other[2]


def quotient(one: Row, other: Row) -> Row:
    return one[0] / other[0], one[1] / other[1], one[2] / other[2]


def times(matrix: Matrix, column: Row) -> Row:
    a, b, c = (sum(product(row, column)) for row in matrix)
    return a, b, c


def turned(matrix: Matrix) -> Matrix:
    a, b, c = zip(*matrix, strict=True)
    return a, b, c


def inverse(matrix: Matrix) -> Matrix:
    """By its cofactors. ZeroDivisionError where it has none."""
    a, b, c = matrix
    rows = (crossed(b, c), crossed(c, a), crossed(a, b))
    whole = sum(product(a, rows[0]))
    return turned((scaled(rows[0], 1 / whole), scaled(rows[1], 1 / whole), scaled(rows[2], 1 / whole)))


def crossed(one: Row, other: Row) -> Row:
    (a, b, c), (d, e, f) = one, other
    return b * f - c * e, c * d - a * f, a * e - b * d


def place(row: Row) -> bytes:
    return struct.pack(">4s4x3i", b"XYZ ", *(round(value * 65_536) for value in row))


def curve(gamma: float) -> bytes:
    return struct.pack(">4s4xIH2x", b"curv", 1, max(0, min(65_535, round(gamma * 256))))


def written(space: bytes, tags: dict[bytes, bytes]) -> bytes:
    """As the ICC lays version 2 down: a head of 128 bytes, a table of tags, and the tags."""
    at, table, body = 132 + 12 * len(tags), b"", b""
    for name, tag in tags.items():
        table += struct.pack(">4s2I", name, at + len(body), len(tag))
        body += tag
    head = struct.pack(">I4xI4s4s4s12x4s", at + len(body), 0x02400000, b"mntr", space, b"XYZ ", b"acsp")
    head = head.ljust(68, b"\0") + struct.pack(">3i", *(round(value * 65_536) for value in D50))
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body
