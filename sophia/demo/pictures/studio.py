from math import cos, radians, sin
from random import Random

from sophia.demo.pictures.canvas import Canvas, Paint
from sophia.demo.pictures.shapes import Point, Points, arc, box, leaf, oval, placed, smooth, vessel

INDIGO = ("#3f5a80", "#263a5c")
CELADON = ("#b9cdb8", "#8da98f")
RUST = ("#c77a4f", "#95502f")
OAT = ("#f4ead8", "#d3c2a6")
INK = ("#4a4750", "#2d2b33")


def pot(sheet: Canvas, outline: Points, paint: Paint, *, freckles: str = "#4a332055", seed: int = 1) -> None:
    """Lit from the left."""
    sheet.shade(outline, "#3a251470", dx=20, dy=12, blur=22)
    sheet.fill(outline, paint)
    xs = [x for x, _ in outline]
    ys = [y for _, y in outline]
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    sheet.speckle(outline, freckles, round(wide * high / 900), 2.6, seed)
    with sheet.inside(outline):
        sheet.glow(min(xs) + wide * 0.24, min(ys) + high * 0.34, max(wide, high) * 0.5, "#ffffff60")
        sheet.glow(max(xs), max(ys), max(wide, high) * 0.62, "#1a0f0870")


def bowls() -> Canvas:
    sheet = Canvas(1080, 1350, ("#e9e2d6", "#d8cdbc"))
    sheet.fill(oval(540, 600, 400), "#f3ede2")
    sheet.fill(box(0, 1110, 1080, 1350), ("#b88a62", "#94663f"))
    for y in (1160, 1240, 1310):
        sheet.stroke([(0, y), (1080, y - 8)], 3, "#5a351a26")
    sheet.shade(oval(540, 1136, 330, 30), "#2a160890", dy=4, blur=18)
    stack = [
        (1130, 330, INDIGO, "#e9dcc4"),
        (1000, 300, OAT, "#c77a4f"),
        (880, 268, RUST, "#f0e3cb"),
        (770, 232, CELADON, "#f6f1e4"),
        (672, 196, INK, "#b9cdb8"),
    ]
    for number, (foot, half, clay, glaze) in enumerate(stack):
        bowl(sheet, foot, half, clay, glaze, number)
    return sheet


def bowl(sheet: Canvas, foot: float, half: float, clay: Paint, glaze: str, seed: int) -> None:
    x, high = 540, half * 0.66
    outline = vessel(x, foot, [(half * 0.34, 0), (half * 0.4, high * 0.1), (half * 0.8, high * 0.42), (half, high)])
    pot(sheet, outline, clay, seed=seed)
    chance = Random(seed)
    edge: list[Point] = [(x - half - 20, foot - high - 10)]
    for step in range(13):
        depth = high * (0.26 + chance.uniform(0, 0.22) * (step % 2))
        edge.append((x - half - 10 + step * (2 * half + 20) / 12, foot - high + depth))
    edge.append((x + half + 20, foot - high - 10))
    drips = [edge[0], *smooth(edge[1:-1], closed=False), edge[-1]]
    with sheet.inside(outline):
        sheet.fill(drips, glaze)
        sheet.speckle(drips, "#5a402a50", 80, 2.6, seed + 9)
        sheet.glow(x + half, foot, half * 0.9, "#1a0f0860")
        sheet.glow(x - half * 0.55, foot - high * 0.8, half * 0.5, "#ffffff70")
    rim = oval(x, foot - high, half, half * 0.07)
    sheet.fill(rim, glaze)
    sheet.fill(oval(x, foot - high + 2, half * 0.95, half * 0.05), "#1f18148c")


def shelf() -> Canvas:
    sheet = Canvas(1200, 900, ("#e3d8c8", "#d2c3ae"))
    sheet.fill([(0, 0), (430, 0), (150, 900), (0, 900)], "#ffffff26")
    sheet.fill([(640, 0), (800, 0), (520, 900), (360, 900)], "#ffffff26")
    top, low = 410, 810
    for y in (top, low):
        plank = box(60, y, 1140, y + 26, 4)
        sheet.shade(plank, "#3a251466", dy=26, blur=22)
        sheet.fill(plank, ("#b07c4f", "#8c5c34"))
    stems(sheet, 225, 200, 1)
    pot(sheet, vessel(225, top, [(52, 0), (84, 60), (78, 140), (32, 190), (28, 230), (40, 245)]), OAT, seed=2)
    pot(sheet, vessel(440, top, [(66, 0), (92, 40), (96, 110), (88, 150)]), INDIGO, freckles="#ffffff50", seed=3)
    pot(sheet, vessel(660, top, [(44, 0), (108, 70), (104, 130), (38, 178), (36, 200)]), RUST, seed=4)
    pot(sheet, vessel(850, top, [(50, 0), (54, 120), (50, 124)]), CELADON, seed=5)
    pot(
        sheet,
        vessel(1000, top, [(56, 0), (66, 190), (40, 250), (34, 300), (44, 312)]),
        INK,
        freckles="#ffffff38",
        seed=6,
    )
    for number in range(4):
        pot(
            sheet,
            vessel(200, low - number * 34, [(46, 0), (104, 30), (112, 48)]),
            (OAT, CELADON)[number % 2],
            seed=number,
        )
    pot(sheet, vessel(455, low, [(56, 0), (112, 80), (116, 150), (66, 220), (60, 232)]), CELADON, seed=7)
    teapot(sheet, 700, low)
    stems(sheet, 985, 590, 8)
    pot(
        sheet,
        vessel(985, low, [(64, 0), (96, 70), (70, 150), (40, 200), (48, 222)]),
        INDIGO,
        freckles="#ffffff50",
        seed=9,
    )
    return sheet


def stems(sheet: Canvas, x: float, y: float, seed: int) -> None:
    """Dried grass, out of a vase that is drawn after it."""
    chance = Random(seed)
    for turn in (-112, -98, -84, -70):
        length = chance.uniform(130, 175)
        tip = (x + length * cos(radians(turn)), y + length * sin(radians(turn)))
        sheet.stroke([(x, y + 30), tip], 4, "#a9834f")
        for step in range(7):
            along = 0.5 + step * 0.08
            lx, ly = x + (tip[0] - x) * along, y + (tip[1] - y) * along
            for side in (-40, 40):
                sheet.fill(leaf(lx, ly, 26, 9, turn + side), "#c9a066")
        sheet.fill(leaf(*tip, 30, 10, turn), "#c9a066")


def teapot(sheet: Canvas, x: float, foot: float) -> None:
    spout = smooth(
        [
            (x + 70, foot - 60),
            (x + 130, foot - 90),
            (x + 150, foot - 150),
            (x + 172, foot - 150),
            (x + 160, foot - 70),
            (x + 80, foot - 20),
        ]
    )
    sheet.fill(spout, RUST)
    sheet.stroke(arc(x - 92, foot - 80, 56, 54, 70, 290), 18, "#8c4a2b")
    pot(sheet, vessel(x, foot, [(64, 0), (112, 60), (98, 120), (50, 150)]), RUST, seed=11)
    sheet.fill(oval(x, foot - 150, 58, 12), "#7c4025")
    sheet.fill([*arc(x, foot - 150, 54, 26, 180, 360)], ("#d08a5f", "#a9623c"))
    sheet.fill(oval(x, foot - 184, 15), "#8c4a2b")


def plates() -> Canvas:
    sheet = Canvas(1080, 1080, ("#47555a", "#364246"))
    for number in range(-6, 18):
        sheet.stroke([(number * 90, 0), (number * 90 + 300, 1080)], 2, "#ffffff12")
        sheet.stroke([(0, number * 90 + 120), (1080, number * 90)], 2, "#ffffff12")
    plate(sheet, 330, 330, 270, OAT, "#3f5a80", 1)
    plate(sheet, 800, 290, 210, RUST, "#f4ead8", 2)
    plate(sheet, 760, 770, 280, CELADON, "#5d7b63", 3)
    plate(sheet, 270, 800, 200, INDIGO, "#e9dcc4", 4)
    for offset in (0, 34):
        sticks = placed([(0, -7), (560, -4), (560, 4), (0, 7)], 480 + offset, 560 - offset * 0.4, turn=64)
        sheet.shade(sticks, "#00000080", dy=10, blur=8)
        sheet.fill(sticks, "#8c4a2b")
    return sheet


def plate(sheet: Canvas, x: float, y: float, radius: float, clay: Paint, brushed: str, seed: int) -> None:
    edge = oval(x, y, radius, wobble=0.012, seed=seed)
    sheet.shade(edge, "#00000090", dx=8, dy=18, blur=22)
    sheet.fill(edge, clay)
    sheet.fill(oval(x, y, radius * 0.8), "#00000018")
    sheet.fill(oval(x, y + 3, radius * 0.78), clay)
    sheet.speckle(edge, "#3a251460", round(radius), 3, seed)
    if seed == 1:
        for number in range(5):
            sheet.fill(leaf(x - 120 + number * 46, y + 70 - number * 26, 118, 34, -95 + number * 9), brushed)
        sheet.stroke(smooth([(x - 150, y + 96), (x, y + 20), (x + 130, y - 70)], closed=False), 7, brushed)
    elif seed == 3:
        for reach in (0.62, 0.46, 0.3):
            sheet.stroke(arc(x, y, radius * reach, radius * reach, 200 - reach * 90, 470 - reach * 120), 11, brushed)
    else:
        for turn in range(0, 360, 45 if seed == 2 else 30):
            sheet.fill(placed(leaf(radius * 0.2, 0, radius * 0.42, 22, 0), x, y, turn=turn), brushed)
    with sheet.inside(edge):
        sheet.glow(x - radius * 0.5, y - radius * 0.6, radius * 0.8, "#ffffff48")
