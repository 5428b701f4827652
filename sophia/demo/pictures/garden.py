from math import cos, radians, sin
from random import Random

from sophia.demo.pictures.canvas import Canvas
from sophia.demo.pictures.shapes import arc, box, leaf, oval, placed, smooth


def wattle() -> Canvas:
    sheet = Canvas(1080, 1080, ("#f4efe2", "#e6ddc8"))
    sheet.fill(oval(560, 520, 390), "#faf6ec")
    for corners, seed in (
        ([(560, 1050), (520, 760), (600, 460), (560, 150)], 1),
        ([(530, 880), (400, 700), (230, 590), (170, 400)], 2),
        ([(545, 660), (700, 560), (860, 520), (930, 340)], 3),
    ):
        sprig(sheet, smooth(corners, closed=False, steps=7), seed)
    return sheet


def sprig(sheet: Canvas, spine: list[tuple[float, float]], seed: int) -> None:
    chance = Random(seed)
    sheet.stroke(spine, 9, "#7d6a4a")
    for number, (x, y) in enumerate(spine[1:], 1):
        turn = -75 + chance.uniform(35, 80) * (1 if number % 2 else -1)
        green = chance.choice(["#7f9c82", "#93ad92", "#6a8a72"])
        sheet.fill(leaf(x, y, chance.uniform(130, 200), 28, turn), green)
    for x, y in spine[4::3]:
        for _ in range(3):
            turn, reach = chance.uniform(0, 360), chance.uniform(14, 56)
            px, py = placed([(reach, 0)], x, y, turn=turn)[0]
            puff(sheet, px, py, chance.uniform(25, 40), chance)


def puff(sheet: Canvas, x: float, y: float, radius: float, chance: Random) -> None:
    sheet.shade(oval(x, y, radius), "#6a521a58", dy=9, blur=9)
    sheet.fill(oval(x, y, radius), "#eeb21f")
    for _ in range(46):
        turn, reach = chance.uniform(0, 360), radius * chance.random() ** 0.5 * 1.05
        px, py = x + reach * cos(radians(turn)), y + reach * sin(radians(turn))
        light = py < y - radius * 0.1
        sheet.fill(oval(px, py, radius * 0.13), "#ffe27a" if light else chance.choice(["#f9cb3c", "#e0a016"]))


def mulch() -> Canvas:
    """A poster."""
    sheet = Canvas(1080, 1350, ("#e8f1dc", "#cfe3bd"))
    sheet.write(540, 190, "Free mulch", 176, "#1f4a33", bold=5)
    sheet.write(540, 340, "Bring a bag. Bring two.", 78, "#c4633f", bold=1.8)
    hill = smooth([(-40, 1180), (200, 1100), (540, 1060), (880, 1110), (1120, 1190)], closed=False)
    sheet.fill([*hill, (1120, 1350), (-40, 1350)], ("#7fb069", "#4f8a4c"))
    barrow(sheet, 520, 940)
    for x, y in ((120, 1180), (950, 1190), (840, 1250), (230, 1270)):
        for turn in (-130, -50):
            sheet.fill(leaf(x, y, 84, 40, turn), "#2f6b43")
        sheet.fill(leaf(x, y, 96, 38, -90), "#3d8453")
    return sheet


def barrow(sheet: Canvas, x: float, y: float) -> None:
    sheet.shade(oval(x, y + 236, 360, 24), "#1f3a1fa0", dy=6, blur=18)
    heap = smooth(
        [
            (x - 270, y - 90),
            (x - 190, y - 190),
            (x - 60, y - 270),
            (x + 60, y - 262),
            (x + 200, y - 180),
            (x + 260, y - 90),
        ]
    )
    spade(sheet, x + 120, y - 200)
    sheet.fill(heap, ("#7a4e2e", "#4f2f1a"))
    chance = Random(4)
    with sheet.inside(heap):
        for _ in range(260):
            px, py = chance.uniform(x - 280, x + 280), chance.uniform(y - 280, y - 60)
            sheet.fill(
                leaf(px, py, 34, 10, chance.uniform(0, 180)),
                chance.choice(["#5f3a20", "#94633c", "#b07f50", "#3f2413"]),
            )
    for leg in ([(x + 110, y + 90), (x + 180, y + 230)], [(x + 40, y + 90), (x + 380, y - 60), (x + 450, y - 70)]):
        sheet.stroke(leg, 22, "#6b4a2e")
    sheet.stroke([(x - 120, y + 90), (x - 250, y + 160)], 22, "#6b4a2e")
    sheet.stroke([(x + 400, y - 62), (x + 462, y - 72)], 30, "#2a2a2e")
    tray = [(x - 320, y - 100), (x + 300, y - 100), (x + 190, y + 110), (x - 170, y + 110)]
    sheet.fill(tray, ("#e2583e", "#b73b28"))
    sheet.fill(box(x - 334, y - 116, x + 314, y - 84, 16), "#f07a5c")
    sheet.fill([(x - 250, y - 60), (x - 130, y - 60), (x - 110, y + 70), (x - 150, y + 70)], "#ffffff22")
    wheel_x, wheel_y = x - 250, y + 160
    sheet.fill(oval(wheel_x, wheel_y, 84), "#2a2a2e")
    sheet.fill(oval(wheel_x, wheel_y, 50), ("#f4efe6", "#cfc5b6"))
    sheet.fill(oval(wheel_x, wheel_y, 15), "#2a2a2e")


def spade(sheet: Canvas, x: float, y: float) -> None:
    sheet.stroke(placed([(0, 0), (0, -250)], x, y, turn=16), 20, "#b07f50")
    sheet.stroke(placed(arc(0, -290, 46, 42, 0, 360), x, y, turn=16), 18, "#2a2a2e")
