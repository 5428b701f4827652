from random import Random

from sophia.demo.pictures.canvas import Canvas
from sophia.demo.pictures.shapes import arc, box, oval, placed, smooth, vessel
from sophia.demo.pictures.studio import pot


def moon_jar() -> Canvas:
    sheet = Canvas(1080, 1350, ("#22385c", "#3a5a84"))
    sheet.glow(540, 560, 620, "#8fb0d660")
    sheet.fill(box(0, 1130, 1080, 1350), ("#1b2a45", "#152036"))
    blossom(sheet)
    sheet.shade(oval(560, 1150, 300, 30), "#00000090", dy=4, blur=20)
    jar = vessel(
        540, 1160, [(130, 0), (150, 20), (318, 190), (338, 320), (276, 490), (140, 572), (128, 604), (138, 612)]
    )
    pot(sheet, jar, ("#faf7ef", "#d9d6d0"), freckles="#7a6a5840", seed=4)
    with sheet.inside(jar):
        sheet.glow(860, 1180, 420, "#22385c80")
    sheet.fill(oval(540, 548, 138, 16), "#ece8df")
    sheet.fill(oval(540, 550, 118, 10), "#5d6470")
    sheet.stroke(smooth([(560, 552), (590, 470), (574, 390)], closed=False), 15, "#3b2a26")
    return sheet


def blossom(sheet: Canvas) -> None:
    branch = [(548, 560), (590, 470), (574, 390), (640, 290), (800, 220), (930, 120)]
    sheet.stroke(smooth(branch, closed=False), 15, "#3b2a26")
    for twig in (
        [(576, 400), (470, 300), (400, 180)],
        [(640, 290), (660, 190), (620, 90)],
        [(800, 220), (900, 260), (980, 250)],
    ):
        sheet.stroke(smooth(twig, closed=False), 9, "#3b2a26")
    chance = Random(3)
    spots = [
        (470, 300),
        (428, 228),
        (400, 180),
        (655, 205),
        (640, 140),
        (620, 90),
        (720, 252),
        (800, 220),
        (866, 176),
        (930, 120),
        (900, 260),
        (980, 250),
        (600, 350),
    ]
    for x, y in spots:
        size, start = chance.uniform(17, 25), chance.uniform(0, 72)
        for turn in range(0, 360, 72):
            px, py = placed([(size, 0)], x, y, turn=start + turn)[0]
            sheet.fill(oval(px, py, size * 0.78), "#f9d3d6" if turn % 144 else "#fbe4e4")
        sheet.fill(oval(x, y, size * 0.42), "#d9576b")
        sheet.fill(oval(x, y, size * 0.2), "#ffe9a8")


def open_studio() -> Canvas:
    """A poster."""
    sheet = Canvas(1080, 1350, "#f3e9d8")
    sheet.fill(box(0, 760, 540, 1350), "#c4633f")
    sheet.fill(box(540, 760, 1080, 1350), "#2f4a6d")
    sheet.fill([*arc(540, 760, 200, 200, 180, 360)], "#e2b04a")
    left = vessel(280, 1300, [(96, 0), (176, 110), (180, 220), (90, 330), (82, 390), (104, 410)])
    right = vessel(790, 1300, [(90, 0), (110, 30), (200, 150), (214, 240)])
    sheet.fill(left, "#f3e9d8")
    sheet.fill(right, "#9db79c")
    with sheet.inside(left):
        for y in (1090, 1130, 1170):
            sheet.stroke(
                smooth([(60 + step * 40, y + (12 if step % 2 else -12)) for step in range(12)], closed=False),
                10,
                "#2f4a6d",
            )
    with sheet.inside(right):
        sheet.fill(
            [
                (500, 1000),
                (1080, 1000),
                (1080, 1130),
                *smooth([(1010 - step * 44, 1130 + 26 * (step % 2)) for step in range(11)], closed=False),
            ],
            "#f3e9d8",
        )
    sheet.write(90, 150, "Open", 190, "#2d2b33", bold=6, anchor="lm")
    sheet.write(90, 325, "studio", 190, "#c4633f", bold=6, anchor="lm")
    sheet.write(96, 465, "Clay, wheels and tea: come in.", 56, "#2d2b33", bold=1.2, anchor="lm")
    return sheet
