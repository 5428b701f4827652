# ruff: noqa: E501 - a paragraph of a post is one line, as it is sent.
from sophia.demo.content.kinds import Business, Fate, Wish

SATURDAY_LOAF = """The big country loaf is back on Saturdays.

Two days of slow rising, a dark crust and a crumb that holds a tomato and a lot of olive oil. We bake forty. Last week they were gone by half past ten, so set an alarm, or ask us to keep one for you: a message here is enough. 🍞"""

EIGHT_TARTS = """There were nine. We are not saying who.

Custard tarts come out at 8, 11 and 4, and they are best while they still burn your fingers a little. Cinnamon is on the counter, the debate about cinnamon too.

#meialua #custardtart #pasteldenata #lisbonbakery #bakerslife"""

MORNING_ROUND = """Three reasons to take the long way to work:

🥖 the window, filled since six
☕ a flat white with a heart on it (Inês is showing off again)
🥚 tarts, eight left when this was taken

We are open from 7. The bench in the sun seats four, five if you like each other."""

BREAKFAST = """Some people get up at noon and they deserve eggs too.

Breakfast until two, every Sunday. Bring the newspaper, bring the dog, leave the phone in your pocket.

#meialua #sundaybreakfast #breakfastinlisbon #slowmorning #eggs"""

CAKE_ORDERS = """Birthday coming up? Orders for celebration cakes close on Wednesday evening, for pick-up from Friday.

You tell us how many people and who is allergic to what, we take care of the rest. The form takes two minutes."""

LATTE = """Oat, whole or none: the heart is free. ☕

#meialua #latteart #coffeetime #lisboncoffee #flatwhite"""

BAKERY = Business(
    name="Meia Lua Bakery",
    timezone="Europe/Lisbon",
    page="7101",
    profile="17841400000007101",
    username="meialua.bakery",
    wishes=(
        Wish("demo-loaf", "facebook", "Saturday loaf", SATURDAY_LOAF, pictures=("loaf",), fate=Fate.OUT),
        Wish(
            "demo-tarts", "instagram", "Eight tarts", EIGHT_TARTS, "1 10:45", pictures=("tarts",), written_by_anna=True
        ),
        Wish(
            "demo-morning",
            "facebook",
            "The long way to work",
            MORNING_ROUND,
            "2 07:15",
            pictures=("shopfront", "coffee", "tarts"),
        ),
        Wish(
            "demo-breakfast",
            "instagram",
            "Sunday breakfast",
            BREAKFAST,
            "4 18:30",
            pictures=("breakfast",),
            written_by_anna=True,
        ),
        Wish("demo-cakes", "facebook", "Cake orders", CAKE_ORDERS, "2 12:00", link="https://meialua.example/cakes"),
        Wish(
            "demo-latte", "instagram", "The heart is free", LATTE, "1 08:10", pictures=("coffee",), fate=Fate.APPROVED
        ),
    ),
)
