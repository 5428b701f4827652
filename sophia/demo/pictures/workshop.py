from math import cos, hypot, radians, sin

from sophia.demo.pictures.canvas import Canvas
from sophia.demo.pictures.shapes import Point, Points, arc, box, oval, placed, smooth

RUBBER = "#26242e"


def spokes(sheet: Canvas, x: float, y: float, hub: float, rim: float, colour: str, width: float = 3) -> None:
    for number in range(32):
        turn = number * 360 / 32
        lean = 38 if number % 2 else -38
        near = (x + hub * cos(radians(turn + lean)), y + hub * sin(radians(turn + lean)))
        sheet.stroke([near, (x + rim * cos(radians(turn)), y + rim * sin(radians(turn)))], width, colour)


def ring(sheet: Canvas, x: float, y: float, radius: float, width: float, colour: str) -> None:
    sheet.stroke(arc(x, y, radius, radius, 0, 180), width, colour)
    sheet.stroke(arc(x, y, radius, radius, 180, 360), width, colour)


def tube(sheet: Canvas, points: Points, width: float, colour: str, light: str) -> None:
    sheet.stroke(points, width, colour)
    sheet.stroke([(x - width * 0.16, y - width * 0.2) for x, y in points], width * 0.22, light)


def bicycle() -> Canvas:
    sheet = Canvas(1200, 900, ("#f6c3b0", "#efa48d"))
    sheet.fill([*arc(600, 420, 330, 300, 180, 360), (930, 760), (270, 760)], ("#fbe0d3", "#f7cbb9"))
    sheet.fill(box(0, 752, 1200, 900), ("#6a5577", "#54425f"))
    sheet.fill(box(0, 745, 1200, 760), "#fdeee5")
    sheet.shade(oval(600, 806, 420, 16), "#20142a90", dy=6, blur=14)
    rear, front, crank = (375.0, 620.0), (855.0, 620.0), (560.0, 632.0)
    seat, head = (500.0, 372.0), (778.0, 362.0)
    for x, y in (rear, front):
        ring(sheet, x, y, 176, 19, RUBBER)
        ring(sheet, x, y, 160, 7, "#e7dfd8")
        spokes(sheet, x, y, 16, 158, "#8d8791", 1.6)
        sheet.fill(oval(x, y, 19), "#4a4652")
    frame(sheet, rear, front, crank, seat, head)
    drivetrain(sheet, rear, crank)
    cockpit(sheet, seat, head)
    return sheet


def frame(sheet: Canvas, rear: Point, front: Point, crank: Point, seat: Point, head: Point) -> None:
    teal, light = "#14746f", "#5fb3a8"
    fork = smooth([head, (802, 450), (826, 540), front], closed=False)
    tube(sheet, fork, 15, teal, light)
    for end in (crank, (516.0, 430.0)):
        tube(sheet, [rear, end], 13, teal, light)
    for start, end in (((508.0, 402.0), (784.0, 386.0)), (crank, (792.0, 422.0)), (seat, crank)):
        tube(sheet, [start, end], 20, teal, light)
    tube(sheet, [(774, 345), (796, 432)], 24, teal, light)
    sheet.stroke([(494, 350), (504, 392)], 11, "#c9c7cc")


def drivetrain(sheet: Canvas, rear: Point, crank: Point) -> None:
    x, y = crank
    for dy in (-42, 42):
        sheet.stroke([(rear[0], rear[1] + dy * 0.45), (x, y + dy)], 4, "#3a3742")
    ring(sheet, x, y, 43, 9, "#3a3742")
    for turn in range(0, 360, 72):
        sheet.stroke([(x, y), (x + 42 * cos(radians(turn)), y + 42 * sin(radians(turn)))], 7, "#57535f")
    sheet.fill(oval(*rear, 24), "#57535f")
    for dx, dy in ((62, 62), (-62, -62)):
        sheet.stroke([(x, y), (x + dx, y + dy)], 11, "#d7d4d9")
        sheet.fill(box(x + dx - 32, y + dy - 7, x + dx + 32, y + dy + 8, 5), RUBBER)
    sheet.fill(oval(x, y, 14), "#d7d4d9")


def cockpit(sheet: Canvas, seat: Point, head: Point) -> None:
    x, y = seat
    saddle = smooth(
        [
            (x - 92, y - 34),
            (x - 60, y - 44),
            (x + 20, y - 32),
            (x + 76, y - 30),
            (x + 74, y - 18),
            (x, y - 12),
            (x - 70, y - 4),
        ]
    )
    sheet.fill(saddle, ("#9a5a33", "#6e3b1e"))
    hx, hy = head
    sheet.stroke([(hx - 2, hy - 10), (hx - 14, hy - 62)], 13, "#c9c7cc")
    bar = smooth(
        [(hx - 16, hy - 62), (hx + 40, hy - 70), (hx + 74, hy - 48), (hx + 66, hy - 6), (hx + 26, hy - 4)], closed=False
    )
    sheet.stroke(bar, 14, "#6e3b1e")
    basket = [(hx + 52, hy - 40), (hx + 210, hy - 40), (hx + 190, hy + 78), (hx + 74, hy + 78)]
    for number in range(3):
        flower(sheet, hx + 92 + number * 42, hy - 74 - (number % 2) * 24, ["#f3c23f", "#e8553f", "#f7efe2"][number])
    sheet.fill(basket, ("#d9a765", "#b17f3f"))
    with sheet.inside(basket):
        for row in range(6):
            for column in range(9):
                if (row + column) % 2:
                    sheet.fill(
                        box(hx + 48 + column * 19, hy - 38 + row * 20, hx + 65 + column * 19, hy - 20 + row * 20, 4),
                        "#8a5c2790",
                    )
    sheet.fill(box(hx + 46, hy - 48, hx + 216, hy - 34, 7), "#8a5c27")


def flower(sheet: Canvas, x: float, y: float, colour: str) -> None:
    sheet.stroke([(x, y), (x + 4, y + 60)], 5, "#4f7d4a")
    for turn in range(0, 360, 60):
        sheet.fill(oval(x + 16 * cos(radians(turn)), y + 16 * sin(radians(turn)), 13), colour)
    sheet.fill(oval(x, y, 11), "#7a3b1d")


def wheel() -> Canvas:
    sheet = Canvas(1080, 1080, ("#123047", "#0c2032"))
    sheet.glow(330, 300, 700, "#2f7f9c80")
    x, y = 690, 720
    sheet.shade(oval(x, y, 590), "#00000080", dx=30, dy=40, blur=50)
    sheet.fill(oval(x, y, 596), "#0d1219")
    ring(sheet, x, y, 585, 10, "#2b3846")
    for number in range(90):
        turn = number * 4
        sheet.stroke(
            [placed([(572, 0)], x, y, turn=turn)[0], placed([(594, 0)], x, y, turn=turn + 1.6)[0]], 5, "#25303c"
        )
    sheet.fill(oval(x, y, 548), "#e7b04b")
    sheet.fill(oval(x, y, 538), ("#f7f3ea", "#b9bfc4"))
    sheet.fill(oval(x, y, 496), ("#133149", "#11293d"))
    with sheet.inside(oval(x, y, 496)):
        sheet.glow(400, 460, 560, "#2f7f9c66")
    spokes(sheet, x, y, 62, 500, "#dfe7ea", 4)
    for number in range(32):
        nipple = [placed([(r, 0)], x, y, turn=number * 11.25)[0] for r in (470, 500)]
        sheet.stroke(nipple, 9, "#e7b04b")
    hub(sheet, x, y)
    sheet.fill(placed(box(-70, -22, 70, 22, 12), x - 240, y - 232, turn=-46), ("#ffb347", "#f0762e"))
    for offset in (-35, 0, 35):
        sheet.stroke(placed([(offset, -16), (offset, 16)], x - 240, y - 232, turn=-46), 4, "#ffffff90")
    return sheet


def hub(sheet: Canvas, x: float, y: float) -> None:
    sheet.shade(oval(x, y, 100), "#00000090", dy=12, blur=18)
    sheet.fill(oval(x, y, 96), ("#eef1f2", "#9aa5ad"))
    for turn in range(0, 360, 45):
        sheet.fill(oval(x + 76 * cos(radians(turn)), y + 76 * sin(radians(turn)), 7), "#33424f")
    sheet.fill(oval(x, y, 56), ("#5b6a76", "#33424f"))
    sheet.fill(oval(x, y, 34), ("#f6f8f8", "#aab4bb"))
    sheet.fill(oval(x, y, 14), "#2a3843")


def pegboard() -> Canvas:
    sheet = Canvas(1080, 1080, ("#f0dfbc", "#e4cc9d"))
    for row in range(15):
        for column in range(15):
            sheet.fill(oval(50 + column * 70, 50 + row * 70, 7), "#b99a63")
    for draw, x, y, turn in (
        (wrench, 165, 300, 4),
        (wrench, 340, 305, -3),
        (screwdriver, 510, 330, 2),
        (brush, 880, 790, -10),
    ):
        draw(sheet, x, y, turn)
    chainring(sheet, 790, 300, 178)
    pump(sheet, 190, 830)
    tape(sheet, 470, 800)
    tape(sheet, 650, 870, "#e0503a", 78)
    return sheet


def hung(sheet: Canvas, points: Points, paint: str | tuple[str, str]) -> None:
    sheet.shade(points, "#5a3a1070", dx=8, dy=14, blur=10)
    sheet.fill(points, paint)


def wrench(sheet: Canvas, x: float, y: float, turn: float) -> None:
    jaw = [*arc(0, -190, 62, 62, -50, 230), (-20, -226), (-20, -184), (20, -184), (20, -226)]
    whole = [(26, -140), (22, 150), *arc(0, 182, 46, 46, -60, 240), (-22, 150), (-26, -140)]
    hung(sheet, placed(jaw, x, y, turn=turn), ("#d5dade", "#9ba6ae"))
    hung(sheet, placed(whole, x, y, turn=turn), ("#c5ccd1", "#8d99a2"))
    sheet.fill(placed(oval(0, 182, 22), x, y, turn=turn), "#e8d3a8")
    sheet.fill(placed(box(-8, -110, 8, 110, 8), x, y, turn=turn), "#7d8a93")


def screwdriver(sheet: Canvas, x: float, y: float, turn: float) -> None:
    hung(sheet, placed(box(-9, -20, 9, 230, 4), x, y, turn=turn), ("#cfd5d9", "#9aa5ad"))
    grip = placed(
        smooth([(-34, -210), (34, -210), (40, -120), (26, -40), (22, -10), (-22, -10), (-26, -40), (-40, -120)]),
        x,
        y,
        turn=turn,
    )
    hung(sheet, grip, ("#f2704e", "#c9432b"))
    for offset in (-14, 4, 22):
        sheet.stroke(placed([(offset - 4, -180), (offset - 4, -60)], x, y, turn=turn), 5, "#00000024")


def brush(sheet: Canvas, x: float, y: float, turn: float) -> None:
    hung(sheet, placed(box(-26, -190, 26, 60, 24), x, y, turn=turn), ("#3f7fa6", "#2c5f80"))
    hung(sheet, placed([(-44, 40), (44, 40), (64, 190), (-64, 190)], x, y, turn=turn), ("#3a3742", "#25232b"))
    sheet.fill(placed(box(-46, 34, 46, 74, 6), x, y, turn=turn), "#d5dade")
    sheet.fill(placed(oval(0, -160, 11), x, y, turn=turn), "#e8d3a8")


def chainring(sheet: Canvas, x: float, y: float, radius: float) -> None:
    teeth = [
        placed([(radius + (14 if step % 4 in (1, 2) else 0), 0)], x, y, turn=step * 360 / 176)[0] for step in range(176)
    ]
    hung(sheet, teeth, ("#565d68", "#363c46"))
    sheet.fill(oval(x, y, radius * 0.8), "#ead6ac")
    for row in range(-2, 3):
        for column in range(-2, 3):
            px, py = 750 + column * 70, 330 + row * 70
            if hypot(px - x, py - y) < radius * 0.76:
                sheet.fill(oval(px, py, 7), "#b99a63")
    for turn in range(-90, 270, 72):
        sheet.fill(placed([(20, -26), (radius * 0.86, -15), (radius * 0.86, 15), (20, 26)], x, y, turn=turn), "#464d58")
        sheet.fill(placed(oval(radius * 0.72, 0, 10), x, y, turn=turn), "#d5dade")
    sheet.fill(oval(x, y, 52), ("#565d68", "#363c46"))
    sheet.fill(oval(x, y, 24), "#ead6ac")


def pump(sheet: Canvas, x: float, y: float) -> None:
    hung(sheet, box(x - 12, y - 210, x + 12, y - 90, 6), "#b9c1c7")
    hung(sheet, box(x - 100, y - 240, x + 100, y - 200, 20), ("#3a3742", "#25232b"))
    hung(sheet, box(x - 34, y - 120, x + 34, y + 170, 14), ("#f6c04a", "#dd972a"))
    hung(sheet, box(x - 80, y + 160, x + 80, y + 190, 12), ("#3a3742", "#25232b"))
    sheet.fill(oval(x, y + 90, 46), "#3a3742")
    sheet.fill(oval(x, y + 90, 37), "#fffaf0")
    sheet.stroke([(x, y + 90), (x + 18, y + 70)], 5, "#d8432c")


def tape(sheet: Canvas, x: float, y: float, colour: str = "#2f8f86", radius: float = 100) -> None:
    hung(sheet, oval(x, y, radius), colour)
    for step in (0.88, 0.76, 0.64):
        ring(sheet, x, y, radius * step, 3, "#ffffff40")
    sheet.fill(oval(x, y, radius * 0.5), "#f7efe0")
    sheet.fill(oval(x, y, radius * 0.38), "#d8bf90")
