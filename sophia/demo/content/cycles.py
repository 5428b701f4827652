# ruff: noqa: E501 - a paragraph of a post is one line, as it is sent.
from sophia.demo.content.kinds import Business, Fate, Wish

COMMUTER = """Meet Marjorie. Thirty-one years old, three owners, one new bottom bracket.

She came in with a rusted chain and a seat post that had become one with the frame. It took two of us, a hair dryer and some language we will not repeat here. She left with flowers.

If there is a bike like that in your basement: we love those. Bring it by."""

TUNE_UP = """Reminder that we are offering tune-ups. A tune-up includes brakes, gears, bearings and truing of both wheels. Prices start at $89. Turnaround is two days."""

TUNE_UP_EDITED = """Squeaks, clicks, a brake lever that touches the bar? Two days with us and it rides like it did the summer you bought it.

A tune-up is brakes, gears, bearings and both wheels trued, from $89. Drop-off is until 6, no appointment needed. If we find something bigger, we call before we touch it."""

TRUE_WHEEL = """32 spokes, one wobble, twenty minutes.

Truing a wheel is half mechanics, half listening: every spoke has a note, and a wheel in tune is a wheel that runs straight. Zoom in on the brass nipples, they are our favorite part.

#wheelbuilding #bikeshop #loosespoke #bikemechanic #spokes"""

FLAT_REPAIR = """It is always the back wheel. It is always raining.

Flat tires don't need an appointment. Sit down, the coffee is on us, and you are rolling again before the cup is empty.

👉 Swipe for the wall of tools that does it

#loosespoke #flattire #bikerepair #bikecommuter #nycbikes"""

RIDE = """Last light, longest shadow.

The Thursday group leaves the shop at 5:30, easy pace, nobody gets dropped. Lights are mandatory, jokes are encouraged.

#groupride #loosespoke #sunsetride #cyclinglife #nycbikes"""

PRESS_RELEASE = """Loose Spoke Cycle Works is pleased to announce the extension of its opening hours. Effective immediately, our valued customers may visit our premises until 20:00 on weekdays. We look forward to continuing to serve you with the highest level of quality and professionalism."""

THREE_BIKES = """This week in the stand: one city bike with a basket, one wheel that met a pothole, and the tools that know what to do about it.

(prices for the wheel? ask Dan before posting)"""

CYCLES = Business(
    name="Loose Spoke Cycle Works",
    timezone="America/New_York",
    page="7102",
    profile="17841400000007102",
    username="loosespoke",
    wishes=(
        Wish(
            "demo-marjorie",
            "facebook",
            "Meet Marjorie",
            COMMUTER,
            pictures=("bicycle",),
            written_by_anna=True,
            fate=Fate.OUT,
        ),
        Wish("demo-tune-up", "facebook", "Tune-ups", TUNE_UP, "1 09:00", written_by_anna=True, edited=TUNE_UP_EDITED),
        Wish("demo-true", "instagram", "32 spokes", TRUE_WHEEL, "2 17:20", pictures=("wheel",)),
        Wish(
            "demo-flat",
            "instagram",
            "Always the back wheel",
            FLAT_REPAIR,
            "1 18:00",
            pictures=("flat", "pegboard", "wheel"),
            written_by_anna=True,
        ),
        Wish("demo-ride", "instagram", "Thursday ride", RIDE, "2 12:40", pictures=("sunset",)),
        Wish(
            "demo-hours",
            "facebook",
            "Opening hours",
            PRESS_RELEASE,
            "2 09:30",
            fate=Fate.REJECTED,
            tags=("too formal", "off-brand"),
            note="They say “hey” to everyone who walks in. Again, in their voice, please.",
        ),
        Wish(
            "demo-stand",
            "facebook",
            "In the stand this week",
            THREE_BIKES,
            "4 10:00",
            pictures=("bicycle", "wheel", "pegboard"),
            written_by_anna=True,
            fate=Fate.UNFINISHED,
        ),
    ),
)
