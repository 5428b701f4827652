# ruff: noqa: E501 - an alt text is one line, as it is sent.
"""The pictures of the demo. They are drawn when it is seeded, so that the repository holds none."""

from collections.abc import Callable
from dataclasses import dataclass

from sophia.demo.pictures import bakery, garden, jars, nursery, road, studio, workshop
from sophia.demo.pictures.canvas import Canvas


@dataclass(frozen=True)
class Drawn:
    draw: Callable[[], Canvas]
    alt: str


PICTURES = {
    "loaf": Drawn(
        bakery.loaf, "A round sourdough loaf on a wooden board, scored with a leaf pattern, ears of wheat beside it."
    ),
    "coffee": Drawn(
        bakery.coffee,
        "A cup of coffee from above with a heart poured into the milk foam, a spoon on the saucer and two sugar cubes.",
    ),
    "tarts": Drawn(
        bakery.tarts, "A dark baking tray with eight custard tarts. Where the ninth was, only crumbs are left."
    ),
    "breakfast": Drawn(
        bakery.breakfast,
        "A yellow poster: “Breakfast until two. Eggs, toast, orange juice, no hurry.” Below it a plate with two fried eggs, toast and three tomatoes.",
    ),
    "shopfront": Drawn(
        bakery.shopfront,
        "The green front of the bakery Meia Lua at night, with a red and white awning, loaves in the lit window and a thin moon above.",
    ),
    "bicycle": Drawn(
        workshop.bicycle,
        "A teal city bicycle against a pink wall, with a brown saddle and three flowers in its basket.",
    ),
    "wheel": Drawn(
        workshop.wheel,
        "A bicycle wheel close up: silver hub, crossed spokes with brass nipples and an orange reflector.",
    ),
    "pegboard": Drawn(
        workshop.pegboard,
        "Tools on a pegboard: two wrenches, a screwdriver, a chainring, a yellow pump, two rolls of tape and a brush.",
    ),
    "sunset": Drawn(
        road.sunset,
        "A cyclist in a red jersey and a yellow helmet rides over a hill while the sun goes down behind purple mountains.",
    ),
    "flat": Drawn(
        road.flat,
        "A red poster: “Flat? Fixed while you drink our coffee. No appointment.” Below it a wheel with a flat tire and a nail.",
    ),
    "bowls": Drawn(
        studio.bowls,
        "Five handmade bowls stacked on a table: blue, cream, rust, celadon and black, each with glaze running over its edge.",
    ),
    "shelf": Drawn(
        studio.shelf,
        "Two wooden shelves with vases, cups, small bowls and a rust-coloured teapot. Dried grass stands in two of the vases.",
    ),
    "plates": Drawn(
        studio.plates,
        "Four plates from above in cream, rust, green and blue, each with a brushed pattern, and a pair of chopsticks.",
    ),
    "moon_jar": Drawn(
        jars.moon_jar, "A large round white jar in front of a dark blue wall. A branch of plum blossom stands in it."
    ),
    "open_studio": Drawn(
        jars.open_studio,
        "A poster: “Open studio. Clay, wheels and tea: come in.” Below it a half sun, a cream vase and a green bowl.",
    ),
    "monstera": Drawn(nursery.monstera, "Large split leaves of a monstera in bright green before darker foliage."),
    "succulents": Drawn(
        nursery.succulents, "Four succulents in terracotta pots from above: teal, plum, lime and pale blue rosettes."
    ),
    "bench": Drawn(
        nursery.bench,
        "Five potted plants on a bench before a greenhouse window: a cactus in flower, a snake plant, a lemon tree, a fern and lavender.",
    ),
    "wattle": Drawn(garden.wattle, "A branch of wattle with round yellow flowers and narrow grey-green leaves."),
    "mulch": Drawn(
        garden.mulch,
        "A poster: “Free mulch. Bring a bag. Bring two.” Below it a red wheelbarrow heaped with wood chips, and a spade.",
    ),
}


def jpeg(name: str) -> bytes:
    return PICTURES[name].draw().jpeg()
