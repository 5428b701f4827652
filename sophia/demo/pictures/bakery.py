from math import cos, radians, sin
from random import Random

from sophia.demo.pictures.canvas import Canvas
from sophia.demo.pictures.shapes import arc, box, heart, leaf, oval, placed, smooth

CREAM = "#fdf3e1"


def loaf() -> Canvas:
    sheet = Canvas(1080, 1350, ("#f7dcb4", "#efc08a"))
    sheet.fill(oval(560, 560, 430), "#fbe9cb")
    sheet.fill(box(0, 985, 1080, 1350), ("#7b4a30", "#5a3220"))
    for y in (1070, 1170, 1285):
        sheet.stroke([(0, y), (1080, y + 12)], 3, "#00000022")
    wheat(sheet, 830, 985, -72, 540)
    wheat(sheet, 880, 985, -60, 470)
    board = box(120, 965, 960, 1035, 34)
    sheet.shade(board, dy=26, blur=30)
    sheet.fill(board, ("#c98b55", "#a5683a"))
    crust = smooth(
        [(235, 968), (180, 890), (212, 730), (345, 595), (530, 545), (715, 595), (836, 730), (866, 890), (810, 968)]
    )
    sheet.shade(crust, "#3a160080", dy=12, blur=16)
    sheet.fill(crust, ("#d98d45", "#8a4519"))
    with sheet.inside(crust):
        sheet.glow(420, 620, 330, "#ffd9966e")
        sheet.glow(830, 1000, 330, "#4a1c0670")
        score(sheet)
    sheet.speckle(box(130, 962, 950, 985), "#fff6e0c0", 90, 4, 3)
    return sheet


def score(sheet: Canvas) -> None:
    """Cuts of the baker's blade, still white with flour."""
    spine = smooth([(300, 850), (400, 740), (530, 660), (690, 605)], closed=False)
    sheet.stroke(spine, 16, "#fbe8c6")
    for step in range(5, len(spine) - 4, 7):
        x, y = spine[step]
        sheet.fill(leaf(x + 14, y + 10, 165, 34, 28), "#fbe8c6")
        sheet.fill(leaf(x - 6, y - 14, 135, 30, -108), "#fbe8c6")
        sheet.fill(leaf(x + 34, y + 24, 128, 14, 28), "#c77b3a")
        sheet.fill(leaf(x - 10, y - 34, 100, 12, -108), "#c77b3a")


def wheat(sheet: Canvas, x: float, y: float, turn: float, length: float) -> None:
    ux, uy = cos(radians(turn)), sin(radians(turn))
    sheet.stroke([(x, y), (x + ux * length, y + uy * length)], 7, "#b98a34")
    for step in range(7):
        along = length * (0.55 + step * 0.075)
        gx, gy = x + ux * along, y + uy * along
        sheet.fill(leaf(gx, gy, 74, 30, turn - 34), "#d9a741")
        sheet.fill(leaf(gx, gy, 74, 30, turn + 34), "#c8922f")
    sheet.fill(leaf(x + ux * length, y + uy * length, 82, 30, turn), "#e0b352")


def coffee() -> Canvas:
    sheet = Canvas(1080, 1080, ("#2a8079", "#185650"))
    cloth = placed(box(-900, -150, 900, 150), 250, 900, turn=-38)
    sheet.shade(cloth, dy=12, blur=20)
    sheet.fill(cloth, "#f3e3c7")
    for offset in (-118, -98, 98, 118):
        sheet.fill(placed(box(-900, offset - 5, 900, offset + 5), 250, 900, turn=-38), "#d8674b")
    saucer = oval(560, 530, 385)
    sheet.shade(saucer, "#00000078", dx=14, dy=26, blur=40)
    sheet.fill(saucer, ("#fffaf0", "#e8dcc6"))
    sheet.fill(oval(560, 530, 345), ("#eaddc6", "#f8efdf"))
    handle = placed(box(0, -36, 330, 36, 36), 560, 530, turn=-35)
    sheet.shade(handle, "#5a3a2070", dx=8, dy=16, blur=18)
    sheet.fill(handle, "#fffaf0")
    sheet.shade(oval(560, 530, 258), "#5a3a2090", dx=10, dy=22, blur=26)
    sheet.fill(oval(560, 530, 258), ("#ffffff", "#f0e6d4"))
    brew = oval(560, 530, 226)
    sheet.fill(brew, ("#8f5429", "#a9683a"))
    with sheet.inside(brew):
        sheet.glow(640, 660, 200, "#d79a5f90")
        for step, size in enumerate((168, 142, 114, 88, 60, 34)):
            y = 520 + step * 13
            sheet.fill(heart(560, y, size), CREAM if step % 2 == 0 else "#a5653a")
    spoon(sheet)
    for x, y, turn in ((214, 268, 20), (296, 186, -12)):
        cube = placed(box(-38, -38, 38, 38, 8), x, y, turn=turn)
        sheet.shade(cube, dy=10, blur=12)
        sheet.fill(cube, ("#ffffff", "#ece4d8"))
    return sheet


def spoon(sheet: Canvas) -> None:
    bowl = placed(oval(0, 0, 62, 40), 300, 690, turn=52)
    stem = placed(box(40, -9, 330, 9, 9), 300, 690, turn=52)
    for part in (bowl, stem):
        sheet.shade(part, "#3a2a1a70", dy=10, blur=10)
    for part in (stem, bowl):
        sheet.fill(part, ("#f4f4f2", "#b9bec2"))
    sheet.fill(placed(oval(0, 0, 46, 27), 300, 690, turn=52), "#c9ced2")


def tarts() -> Canvas:
    sheet = Canvas(1080, 1080, ("#e9d9c3", "#d9c3a6"))
    tray = box(60, 60, 1020, 1020, 60)
    sheet.shade(tray, dy=24, blur=34)
    sheet.fill(tray, ("#4a505c", "#333945"))
    sheet.fill(box(84, 84, 996, 996, 44), ("#3a404c", "#444b58"))
    for row in range(3):
        for column in range(3):
            if (row, column) != (2, 2):
                tart(sheet, 240 + column * 300, 240 + row * 300, 10 * row + column)
    chance = Random(5)
    for _ in range(34):
        x, y = chance.gauss(840, 55), chance.gauss(840, 55)
        sheet.fill(oval(x, y, chance.uniform(3, 10), wobble=0.3, seed=round(x)), "#e3b273")
    return sheet


def tart(sheet: Canvas, x: float, y: float, seed: int) -> None:
    chance = Random(seed)
    edge = [
        (x + r * cos(radians(a)), y + r * sin(radians(a)))
        for a, r in zip(range(0, 360, 9), [132, 124] * 20, strict=True)
    ]
    sheet.shade(edge, "#00000090", dy=12, blur=14)
    sheet.fill(smooth(edge), ("#edc488", "#c98a48"))
    for radius, colour in ((117, "#b97a3c"), (111, "#e2b06c")):
        sheet.fill(oval(x, y, radius), colour)
    custard = oval(x, y, 98, wobble=0.025, seed=seed)
    sheet.fill(custard, ("#fbd765", "#f2b53b"))
    with sheet.inside(custard):
        sheet.glow(x - 34, y - 40, 80, "#fff2b0b0")
        for _ in range(9):
            turn, reach = chance.uniform(0, 360), chance.uniform(10, 78)
            sx, sy = x + reach * cos(radians(turn)), y + reach * sin(radians(turn))
            size = chance.uniform(9, 25)
            sheet.fill(oval(sx, sy, size, size * 0.72, wobble=0.22, seed=round(sx)), "#8f4a19b0")
            sheet.fill(oval(sx, sy, size * 0.6, size * 0.42, wobble=0.2, seed=round(sy)), "#4f2409c0")


def breakfast() -> Canvas:
    """A poster."""
    sheet = Canvas(1080, 1350, ("#f7cf63", "#f3b844"))
    for turn in range(0, 360, 15):
        sheet.fill(placed([(0, 0), (1300, -70), (1300, 70)], 540, 1010, turn=turn), "#ffffff2c")
    sheet.write(540, 170, "Breakfast", 182, "#7a2e1d", bold=5)
    sheet.write(540, 330, "until two", 120, "#c4482d", bold=3)
    sheet.write(540, 450, "eggs  ·  toast  ·  orange juice  ·  no hurry", 36, "#7a2e1d", bold=0.6)
    plate = oval(540, 1010, 445)
    sheet.shade(plate, "#7a2e1d80", dy=26, blur=36)
    sheet.fill(plate, ("#ffffff", "#efe6da"))
    sheet.fill(oval(540, 1010, 362), ("#eee4d6", "#faf5ec"))
    toast = placed(
        smooth([(-150, -120), (-60, -150), (60, -150), (150, -120), (140, 0), (140, 130), (-140, 130), (-140, 0)]),
        700,
        900,
        turn=14,
    )
    sheet.shade(toast, dy=12, blur=14)
    sheet.fill(toast, ("#b46a2f", "#94501f"))
    sheet.fill(
        placed([(px * 0.86, py * 0.86) for px, py in placed(toast, -700, -900)], 700, 900), ("#f3cd8f", "#e2ac62")
    )
    egg(sheet, 440, 1030, 1)
    egg(sheet, 660, 1160, 6)
    for x, y in ((300, 850), (372, 800), (330, 1230)):
        sheet.shade(oval(x, y, 44), dy=8, blur=8)
        sheet.fill(oval(x, y, 44), ("#f0573f", "#c22f22"))
        sheet.fill(oval(x - 12, y - 14, 12, 8), "#ffffff80")
        for turn in range(0, 360, 72):
            sheet.fill(leaf(x, y - 8, 24, 9, turn), "#3f7d3a")
    return sheet


def egg(sheet: Canvas, x: float, y: float, seed: int) -> None:
    white = oval(x, y, 165, 140, wobble=0.16, seed=seed)
    sheet.shade(white, "#7a4a2060", dy=10, blur=12)
    sheet.fill(white, ("#ffffff", "#f7f1e6"))
    sheet.fill(oval(x + 6, y, 66), ("#ffb62e", "#f08a12"))
    sheet.fill(oval(x - 14, y - 24, 20, 13), "#fff3cfc8")


def shopfront() -> Canvas:
    sheet = Canvas(1200, 900, ("#2f4a68", "#243a55"))
    sheet.glow(1010, 70, 190, "#ffeebb60")
    sheet.fill([*arc(1010, 66, 38, 38, -80, 130), *reversed(arc(996, 58, 34, 34, -58, 108))], "#fff3cf")
    sheet.fill(box(0, 790, 1200, 900), ("#6b6472", "#4d4857"))
    sheet.fill(box(90, 120, 1110, 800), ("#3f7f86", "#2f666d"))
    sheet.fill(box(130, 150, 1070, 250, 10), "#f6e7c8")
    sheet.write(600, 200, "MEIA  LUA", 62, "#274f56", bold=2)
    window(sheet)
    door = box(800, 380, 1020, 800, 8)
    sheet.fill(door, ("#a2452f", "#8a3724"))
    sheet.fill(box(830, 410, 990, 640, 8), ("#ffdf9a", "#ffc766"))
    sheet.fill(oval(846, 700, 11), "#f6d47c")
    sheet.write(910, 525, "aberto", 40, "#8a3724", bold=1)
    for number in range(12):
        left = 110 + number * 980 / 12
        right = left + 980 / 12
        cloth = [(left, 270), (right, 270), (right, 370), *arc((left + right) / 2, 370, 980 / 24, 34, 0, 180)]
        sheet.shade(cloth, "#00000050", dy=10, blur=12)
        sheet.fill(cloth, "#f7efe0" if number % 2 else "#d9573c")
    sheet.fill(box(110, 262, 1090, 280), "#b8432b")
    for x in (90, 1110):
        sheet.fill(box(x - 26, 730, x + 26, 800, 6), ("#c56a43", "#9c4c2c"))
        for turn in range(-150, -29, 20):
            sheet.fill(leaf(x, 735, 105, 34, turn), "#4f8a52" if turn % 40 else "#6aa564")
    for x, y, reach in ((470, 560, 520), (910, 540, 300)):
        sheet.glow(x, y, reach, "#ffcf7a38")
    return sheet


def window(sheet: Canvas) -> None:
    sheet.fill(box(170, 380, 740, 700, 8), "#25525a")
    sheet.fill(box(186, 396, 724, 684), ("#ffe2a0", "#ffc25e"))
    for y, colour in ((545, "#9c6234"), (672, "#8a5429")):
        sheet.fill(box(186, y, 724, y + 14), colour)
        for number in range(5):
            x = 244 + number * 106
            bun = smooth([(x - 44, y), (x - 40, y - 44), (x, y - 66), (x + 40, y - 44), (x + 44, y)])
            sheet.fill(bun, ("#d58b45", "#a25a26"))
            for cut in (-18, 4, 26):
                sheet.stroke([(x + cut - 10, y - 28), (x + cut + 4, y - 48)], 5, "#f6dcae")
    sheet.fill(box(449, 396, 461, 684), "#25525a")
    sheet.fill(box(170, 700, 740, 724), "#1f464d")
