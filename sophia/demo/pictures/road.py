"""The workshop's customers: one on the road, one with a flat."""

from sophia.demo.pictures.canvas import Canvas
from sophia.demo.pictures.shapes import arc, box, oval, placed, smooth
from sophia.demo.pictures.workshop import RUBBER, ring, spokes


def sunset() -> Canvas:
    sheet = Canvas(1080, 1350, ("#3a3a78", "#fb9a6b"))
    sheet.glow(690, 600, 620, "#ffd98fb0")
    sheet.fill(oval(690, 610, 165), ("#fff3c4", "#ffcf7d"))
    for y, width, x in ((250, 330, 250), (310, 220, 420), (420, 280, 860)):
        sheet.fill(box(x - width / 2, y, x + width / 2, y + 22, 11), "#ffffff3a")
    ridges = [
        ([(0, 740), (200, 640), (420, 730), (640, 660), (860, 740), (1080, 650)], ("#b0608a", "#8a4d83")),
        ([(0, 800), (260, 860), (520, 760), (780, 850), (1080, 770)], ("#7d4580", "#5c3873")),
        ([(0, 960), (300, 890), (640, 990), (1080, 880)], ("#553470", "#3d2a5e")),
    ]
    for line, paint in ridges:
        sheet.fill([*smooth(line, closed=False), (1080, 1350), (0, 1350)], paint)
    trees(sheet)
    near = smooth([(0, 1120), (340, 1060), (700, 1090), (1080, 1040)], closed=False)
    sheet.fill([*near, (1080, 1350), (0, 1350)], ("#2c2148", "#1d1733"))
    sheet.stroke([(x, y + 46) for x, y in near], 3, "#ffffff38")
    rider(sheet, 500, 985)
    return sheet


def trees(sheet: Canvas) -> None:
    for x, y, height in (
        (120, 950, 120),
        (180, 940, 170),
        (238, 950, 110),
        (880, 960, 150),
        (946, 950, 200),
        (1010, 940, 130),
    ):
        for step in range(3):
            width, top = height * (0.2 + step * 0.08), y - height + step * height * 0.26
            sheet.fill([(x, top), (x + width, top + height * 0.46), (x - width, top + height * 0.46)], "#33244f")


def rider(sheet: Canvas, x: float, y: float) -> None:
    """In silhouette; (x, y) is the bottom bracket."""
    ink = "#15102a"
    for wx in (x - 96, x + 116):
        ring(sheet, wx, y + 8, 82, 8, ink)
        spokes(sheet, wx, y + 8, 5, 80, "#15102a90", 1.4)
    hip, hand, crown = (x - 62, y - 178), (x + 102, y - 132), (x + 42, y - 282)
    for line in (
        [(x - 96, y + 8), (x, y), (x + 84, y - 112), (x - 48, y - 120), (x, y)],
        [(x - 96, y + 8), (x - 48, y - 120)],
        [(x + 78, y - 138), (x + 116, y + 8)],
        [(x - 58, y - 152), (x - 44, y - 110)],
    ):
        sheet.stroke(line, 8, ink)
    sheet.stroke([(x - 86, y - 156), (x - 30, y - 152)], 12, ink)
    sheet.stroke(smooth([(x + 78, y - 138), (x + 118, y - 142), (x + 112, y - 112)], closed=False), 8, ink)
    back = smooth([hip, (x - 50, y - 226), (x - 4, y - 262), (x + 28, y - 244), (x + 16, y - 206), (x - 20, y - 168)])
    sheet.fill(back, "#e8553f")
    sheet.stroke([(x + 18, y - 236), (x + 62, y - 176), hand], 20, "#c9432f")
    sheet.stroke([(x - 46, y - 176), (x + 30, y - 104), (x - 8, y - 8)], 27, ink)
    sheet.stroke([(x - 44, y - 174), (x + 6, y - 86), (x - 22, y + 34)], 22, "#211a3a")
    sheet.stroke([(x - 24, y + 38), (x + 12, y + 42)], 14, ink)
    sheet.fill(oval(*crown, 27), "#d9a07a")
    sheet.fill([*arc(crown[0], crown[1] - 4, 33, 31, 170, 365)], "#f6c04a")
    sheet.stroke([(x - 10, y - 6), (x + 20, y - 2)], 13, ink)


def flat() -> Canvas:
    """A poster."""
    sheet = Canvas(1080, 1350, ("#f3654e", "#e24a3b"))
    sheet.write(80, 210, "Flat?", 300, "#fff4e2", bold=12, anchor="lm")
    sheet.write(92, 420, "Fixed while you", 104, "#3b1420", bold=3, anchor="lm")
    sheet.write(92, 540, "drink our coffee.", 104, "#3b1420", bold=3, anchor="lm")
    sheet.fill(box(92, 630, 480, 710, 40), "#3b1420")
    sheet.write(286, 669, "No appointment", 40, "#fff4e2", bold=1)
    x, y = 730, 985
    sheet.shade(oval(x, 1278, 330, 20), "#5a0f10a0", dy=0, blur=20)
    sheet.fill(box(0, 1270, 1080, 1350), "#3b1420")
    round_part = arc(x, y, 322, 322, 140, 400)
    tyre = smooth([*round_part[::4], (x + 270, 1255), (x + 190, 1272), (x - 190, 1272), (x - 270, 1255)], steps=6)
    sheet.fill(tyre, RUBBER)
    sheet.fill(oval(x, y, 266), "#fff4e2")
    sheet.fill(oval(x, y, 244), "#e9533f")
    spokes(sheet, x, y, 28, 246, "#fff4e2", 3.4)
    sheet.fill(oval(x, y, 46), "#fff4e2")
    sheet.fill(oval(x, y, 19), "#3b1420")
    nail(sheet, 468, 1206)
    return sheet


def nail(sheet: Canvas, x: float, y: float) -> None:
    sheet.stroke(placed([(0, 0), (-190, 0)], x, y, turn=-14), 16, "#d5dade")
    sheet.stroke(placed([(-190, -30), (-190, 30)], x, y, turn=-14), 18, "#d5dade")
    for turn in (-125, -95, -65):
        sheet.stroke(placed([(34, 0), (78, 0)], x - 26, y - 8, turn=turn), 8, "#fff4e2")
