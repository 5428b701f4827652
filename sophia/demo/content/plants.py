# ruff: noqa: E501 - a paragraph of a post is one line, as it is sent.
from sophia.demo.content.kinds import Business, Fate, Wish

WINDOW = """Which one would survive at your place? Be honest. 🌱

🌵 The cactus: water it when you remember
🍋 The lemon: sun, food and compliments
🌿 The fern: shade, and it will tell you when it is thirsty

Tell us about your worst window in the comments and we'll name a plant that likes it."""

HEAT = """Hot days coming. Before you water twice: put your finger in the soil, up to the second knuckle. Cool and damp? Leave it. Dry? Water early in the morning, slowly, at the roots and not on the leaves.

Pots on a balcony want a saucer and some shade from two o'clock on. So do gardeners."""

WATTLE_WALK = """Gold on grey-green: nobody does it like a wattle.

Ours grow from seed collected within an hour's drive. They feed the bees, put up with our soil and ask for very little. Swipe for what to plant under them.

#wattleandfern #wattle #nativeplants #southaustralia #beefriendly"""

MULCH = """Free mulch on Saturday, from 8 until the heap is gone.

A storm took down two gums along the creek and the council has chipped them for us. Bring bags, bring a trailer, bring a neighbour. Gloves and a spare shovel are by the gate."""

HIRING = """We are looking for someone who likes mornings, dirt and people, in any order.

Three days a week, including Saturday. You don't need to know the Latin names. You'll know them by the second month whether you want to or not.

DRAFT: pay and start date to come from Priya"""

JOKE = """Why did the gardener get lost? Took the wrong root. 😂 Tag a mate who needs a fern!"""

PLANTS = Business(
    name="Wattle & Fern Nursery",
    timezone="Australia/Adelaide",
    page="7104",
    profile="17841400000007104",
    username="wattleandfern",
    wishes=(
        Wish(
            "demo-window",
            "facebook",
            "Your worst window",
            WINDOW,
            "1 07:45",
            pictures=("bench", "monstera", "succulents"),
            written_by_anna=True,
        ),
        Wish("demo-heat", "facebook", "Before you water twice", HEAT, "0 17:30", fate=Fate.APPROVED),
        Wish(
            "demo-wattle",
            "instagram",
            "Wattle",
            WATTLE_WALK,
            "3 08:20",
            pictures=("wattle", "bench"),
            written_by_anna=True,
        ),
        Wish("demo-mulch", "facebook", "Free mulch", MULCH, "2 16:00", pictures=("mulch",)),
        Wish("demo-hiring", "facebook", "We are hiring", HIRING, "5 09:00", written_by_anna=True, fate=Fate.UNFINISHED),
        Wish(
            "demo-joke",
            "facebook",
            "Root joke",
            JOKE,
            "1 15:00",
            fate=Fate.SKIPPED,
            note="Good, but they had one yesterday.",
        ),
    ),
)
