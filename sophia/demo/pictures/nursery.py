from math import cos, radians, sin
from random import Random

from sophia.demo.pictures.canvas import Canvas, Paint
from sophia.demo.pictures.shapes import Points, box, leaf, oval, placed, smooth

CLAY = ("#d9845a", "#a9552f")


def monstera() -> Canvas:
    sheet = Canvas(1080, 1350, ("#0f3b30", "#08241f"))
    sheet.glow(420, 420, 700, "#2f7a5a90")
    for x, y, turn in ((980, 170, 100), (60, 1240, -50), (1010, 1280, -130), (120, 120, 70)):
        for offset in range(-60, 61, 20):
            sheet.fill(leaf(x, y, 380, 46, turn + offset), "#14503d" if offset % 40 else "#1a5f48")
    for x, y, size, turn, paint in (
        (800, 560, 330, 28, ("#2f8a5c", "#1d6446")),
        (330, 930, 340, -34, ("#3a9c66", "#22714d")),
        (560, 620, 440, 4, ("#62c07c", "#2f8f5f")),
    ):
        split_leaf(sheet, x, y, size, turn, paint)
    return sheet


def split_leaf(sheet: Canvas, x: float, y: float, size: float, turn: float, paint: Paint) -> None:
    """Hangs from (x, y) with its tip below. Drawn upright around the origin, then turned."""
    half = [
        (0.0, -0.5),
        (0.3, -0.78),
        (0.66, -0.68),
        (0.86, -0.4),
        (0.42, -0.3),
        (0.92, -0.22),
        (0.94, 0.04),
        (0.4, -0.04),
        (0.9, 0.22),
        (0.8, 0.46),
        (0.34, 0.2),
        (0.68, 0.62),
        (0.48, 0.82),
        (0.24, 0.46),
        (0.3, 0.94),
    ]
    outline = [*half, (0.02, 1.16), *((-px, py) for px, py in reversed(half[1:]))]
    edge = placed(smooth(outline, steps=8), x, y, turn=turn, scale=size)
    stem = placed(smooth([(0, -0.5), (0.06, -0.9), (0.2, -1.5)], closed=False), x, y, turn=turn, scale=size)
    sheet.stroke(stem, size * 0.045, "#1d6446")
    sheet.shade(edge, "#00000090", dx=10, dy=24, blur=26)
    sheet.fill(edge, paint)
    with sheet.inside(edge):
        sheet.glow(x - size * 0.5, y - size * 0.4, size * 0.9, "#d8ffd048")
        veins: list[Points] = [[(0, -0.5), (0, 1.1)]]
        for tip in ((0.7, -0.55), (0.9, -0.1), (0.84, 0.34), (0.56, 0.72)):
            veins += [[(0, tip[1] * 0.72 - 0.12), tip], [(0, tip[1] * 0.72 - 0.12), (-tip[0], tip[1])]]
        for vein in veins:
            sheet.stroke(placed(vein, x, y, turn=turn, scale=size), size * 0.014, "#86cf95")
        for px, py in ((0.2, -0.16), (0.17, 0.08), (0.14, 0.3)):
            for side in (-1, 1):
                hole = placed(oval(px * side, py, 0.075, 0.03), x, y, turn=turn, scale=size)
                sheet.fill(hole, "#0d3128d0")


def succulents() -> Canvas:
    sheet = Canvas(1080, 1080, ("#efe2d2", "#e0cdb6"))
    chance = Random(8)
    for _ in range(160):
        x, y = chance.uniform(0, 1080), chance.uniform(0, 1080)
        sheet.fill(
            oval(x, y, chance.uniform(4, 13), wobble=0.2, seed=round(x)),
            chance.choice(["#d8c1a4", "#f7eee2", "#c9b195"]),
        )
    for x, y, size, colours in (
        (300, 300, 240, ("#3f7f74", "#8fc7b0", "#f0b9b0")),
        (785, 280, 215, ("#7a3f63", "#b56a8c", "#f3c0c4")),
        (285, 790, 215, ("#8a9a3f", "#c3cc74", "#f6ecb0")),
        (775, 780, 250, ("#4f6f8f", "#93b3c9", "#dfe9ee")),
    ):
        in_a_pot(sheet, x, y, size, colours)
    return sheet


def in_a_pot(sheet: Canvas, x: float, y: float, size: float, colours: tuple[str, str, str]) -> None:
    sheet.shade(oval(x, y, size * 0.92), "#5a351a90", dx=10, dy=22, blur=28)
    sheet.fill(oval(x, y, size * 0.92), CLAY)
    sheet.fill(oval(x, y, size * 0.8), "#8a4526")
    sheet.fill(oval(x, y + 4, size * 0.78), "#3f2a1f")
    outer, middle, inner = colours
    rings = (
        (0.92, 12, outer),
        (0.78, 11, middle),
        (0.62, 10, outer),
        (0.5, 9, middle),
        (0.37, 8, inner),
        (0.24, 6, middle),
        (0.14, 5, inner),
    )
    for number, (reach, count, colour) in enumerate(rings):
        for step in range(count):
            turn = step * 360 / count + number * 21
            petal = leaf(x, y, size * reach, size * reach * 0.58, turn, fullest=0.62)
            sheet.fill([(px + 2, py + 5) for px, py in petal], "#00000038")
            sheet.fill(petal, colour)
            tip = placed([(size * reach * 0.97, 0)], x, y, turn=turn)[0]
            sheet.stroke(
                [
                    placed([(size * reach * 0.3, 0)], x, y, turn=turn)[0],
                    placed([(size * reach * 0.8, 0)], x, y, turn=turn)[0],
                ],
                2.4,
                "#ffffff34",
            )
            sheet.fill(oval(*tip, 3.4), inner)


def bench() -> Canvas:
    sheet = Canvas(1200, 900, ("#d8ece2", "#bfe0d2"))
    sheet.fill(oval(930, 210, 110), "#fff6d8")
    sheet.fill(
        [*smooth([(0, 480), (260, 390), (560, 470), (860, 380), (1200, 460)], closed=False), (1200, 720), (0, 720)],
        "#a5d0b9",
    )
    sheet.fill(
        [*smooth([(0, 570), (330, 510), (700, 590), (1200, 520)], closed=False), (1200, 720), (0, 720)], "#86bda1"
    )
    for x in (0, 290, 590, 890, 1180):
        sheet.fill(box(x, 0, x + 20, 720), "#f7fbf8")
    for y in (0, 230):
        sheet.fill(box(0, y, 1200, y + 18), "#f7fbf8")
    sheet.fill(box(0, 720, 1200, 768), ("#b88355", "#99683d"))
    sheet.fill(box(0, 768, 1200, 900), ("#7d5230", "#63401f"))
    for x in (180, 470, 760, 1050):
        sheet.stroke([(x, 770), (x, 900)], 4, "#4a2f1750")
    cactus(sheet, 148)
    snake_plant(sheet, 365)
    lemon_tree(sheet, 592)
    fern(sheet, 818)
    lavender(sheet, 1030)
    return sheet


def clay_pot(sheet: Canvas, x: float, half: float, high: float, paint: Paint = CLAY) -> None:
    body = [
        (x - half * 0.86, 720 - high),
        (x + half * 0.86, 720 - high),
        (x + half * 0.64, 720),
        (x - half * 0.64, 720),
    ]
    rim = box(x - half, 720 - high - 16, x + half, 720 - high + 20, 6)
    sheet.shade(oval(x + 16, 722, half * 0.8, 10), "#2a160880", dy=4, blur=10)
    sheet.fill(body, paint)
    sheet.fill(
        [
            (px, py + 26) if py < 700 else (px, py)
            for px, py in [(x - half * 0.83, 720 - high), (x + half * 0.83, 720 - high)]
        ]
        + [(x + half * 0.83, 720 - high + 12), (x - half * 0.83, 720 - high + 12)],
        "#00000030",
    )
    sheet.fill(rim, paint)
    sheet.fill(box(x - half * 0.7, 720 - high - 8, x - half * 0.5, 720 - 14, 6), "#ffffff26")


def cactus(sheet: Canvas, x: float) -> None:
    for part in (
        box(x - 48, 400, x + 48, 640, 48),
        box(x + 34, 470, x + 118, 520, 24),
        box(x + 78, 400, x + 122, 512, 22),
        box(x - 108, 520, x - 30, 566, 22),
        box(x - 112, 460, x - 70, 560, 20),
    ):
        sheet.fill(part, ("#58a06a", "#3a7d50"))
    for offset in (-24, 0, 24):
        sheet.stroke([(x + offset, 424), (x + offset, 640)], 3, "#d8f0c066")
    for turn in range(0, 360, 60):
        sheet.fill(leaf(x, 398, 34, 20, turn), "#f0708a")
    sheet.fill(oval(x, 398, 10), "#ffd98f")
    clay_pot(sheet, x, 88, 118)


def snake_plant(sheet: Canvas, x: float) -> None:
    for lean, length, colour in (
        (-112, 270, "#2f7a57"),
        (-68, 280, "#2f7a57"),
        (-99, 350, "#3d8f66"),
        (-80, 320, "#4aa074"),
        (-90, 250, "#5cb083"),
    ):
        blade = leaf(x + (lean + 90) * 0.8, 640, length, 62, lean, fullest=0.5)
        sheet.fill(blade, "#d9d98a")
        sheet.fill(leaf(x + (lean + 90) * 0.8, 640, length * 0.96, 44, lean, fullest=0.5), colour)
    clay_pot(sheet, x, 84, 104, ("#f4efe6", "#cfc5b6"))


def lemon_tree(sheet: Canvas, x: float) -> None:
    sheet.stroke([(x, 640), (x - 6, 380)], 15, "#7d5636")
    chance = Random(12)
    sheet.shade(oval(x, 330, 120), "#1f4a3040", dy=14, blur=18)
    for _ in range(120):
        turn, reach = chance.uniform(0, 360), 118 * chance.random() ** 0.5
        px, py = x + reach * cos(radians(turn)), 320 + reach * sin(radians(turn))
        sheet.fill(
            leaf(px, py, 48, 22, chance.uniform(0, 360)), chance.choice(["#2f7a4a", "#3f9459", "#57ab68", "#256640"])
        )
    for lx, ly in ((-62, 350), (10, 290), (70, 365), (-30, 245), (20, 400)):
        sheet.fill(oval(x + lx, ly, 22, 27), ("#ffe066", "#f4b92e"))
        sheet.fill(oval(x + lx - 7, ly - 9, 6, 8), "#ffffff90")
    clay_pot(sheet, x, 98, 128)


def fern(sheet: Canvas, x: float) -> None:
    for number, bend in enumerate((-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5)):
        spine = smooth(
            [
                (x, 630),
                (x + bend * 42, 500),
                (x + bend * 92, 450 + abs(bend) * 46),
                (x + bend * 112, 500 + abs(bend) * 60),
            ],
            closed=False,
            steps=10,
        )
        colour = "#4f9f5f" if number % 2 else "#3a8550"
        sheet.stroke(spine, 4, "#2f6f44")
        for step, (px, py) in enumerate(spine[6:]):
            size = 50 - abs(step - 8) * 2
            for turn in (-150, -30) if abs(bend) < 0.4 else (-100 + bend * 30, 70 + bend * 10):
                sheet.fill(leaf(px, py, size, 13, turn), colour)
    clay_pot(sheet, x, 92, 100, ("#4f6f8f", "#38526d"))


def lavender(sheet: Canvas, x: float) -> None:
    chance = Random(21)
    for number in range(13):
        lean = -90 + (number - 6) * 5.5
        length = chance.uniform(190, 270)
        tip = placed([(length, 0)], x + (number - 6) * 6, 640, turn=lean)[0]
        sheet.stroke([(x + (number - 6) * 6, 640), tip], 4, "#6f9a76")
        for step in range(9):
            px, py = placed([(length - step * 11, 0)], x + (number - 6) * 6, 640, turn=lean)[0]
            for side in (-34, 34):
                sheet.fill(leaf(px, py, 20, 11, lean + side), "#7b62b8" if step % 2 else "#9a82d0")
    clay_pot(sheet, x, 80, 104)
