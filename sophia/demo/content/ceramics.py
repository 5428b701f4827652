# ruff: noqa: E501 - a paragraph of a post is one line, as it is sent.
from sophia.demo.content.kinds import Business, Fate, Wish

STACK = """Five bowls, five glazes, one clay.

They nest because they were thrown in one morning, one after the other, each a little smaller than the last. The black one holds exactly one egg and some rice. We measured.

#kumoceramics #handmadebowls #wheelthrown #tableware #glaze #ceramicstudio"""

PLATES = """No two are the same, and that is the point.

Swipe through the new dinner set: brushed leaves, a red sun, a garden raked in green and a night flower. You may mix them. We do.

Each plate is dishwasher safe and happier without one.

#kumoceramics #handmadeplates #tokyoceramics #slowtable #stoneware"""

KILN_DIARY = """What happens in the kiln, in case you have ever wondered why we cannot "just make one more by Friday":

Day 1. The pieces are thrown. Each one takes between four and fifteen minutes on the wheel, and about half of them go back into the bucket. Clay forgives; the bucket is never empty.

Day 3. They are leather-hard, which means you can turn them over and trim the foot without leaving a thumb in it. This is the part Aya likes best. The radio is on.

Day 4 to 10. They dry. We do nothing, slowly. A piece that dries too fast cracks, usually the one somebody has already paid for.

Day 11. First firing, to about 900 degrees. It takes a night, and the kiln must cool by itself before anyone opens it. Opening it early is how we lost the big blue jar. We do not talk about the big blue jar.

Day 13. Glazing. The glaze is grey or pink at this stage and looks like nothing you would ever buy. You have to trust it.

Day 14. Second firing, to about 1,250 degrees. At the top everything in there glows the same orange, and for twenty minutes you cannot tell a cup from a plate.

Day 16. We open the door. It is a little like a birthday: most of what you hoped for, one thing you did not, and always one surprise that is better than anything you planned.

So: sixteen days, if nobody is in a hurry. Order for the season early, and thank you for waiting. It shows in the bowl."""

OPEN_STUDIO = """Our door is open this Saturday and Sunday, 11:00 to 17:00.

Sit at a wheel for the first time, or for the hundredth. Children are welcome, aprons are here, and the tea is hot all day. Nothing to book, nothing to bring. Wear sleeves you can push up. 🍵"""

MOON_JAR = """It took three tries to join the two halves.

A moon jar is never quite round: you throw two bowls, set one on the other, and let the fire decide. This one leans a little to the left. So do we.

#kumoceramics #moonjar #porcelain #plumblossom #ceramicart"""

SHELF_SALE = """OMG the shelf is FULL!!! 🔥🔥🔥 Everything must go, grab yours NOW before it's too late!!! Tag 3 friends who NEED a vase!!!

#sale #sale #musthave #vaselife"""

WORKSHOP_LINK = """Two places have become free in the evening course: eight Tuesdays, from a lump of clay to a teapot that pours without dripping. (The spout is week six. Week six is hard.)

All details and the dates are here."""

CERAMICS = Business(
    name="Kumo Ceramics",
    timezone="Asia/Tokyo",
    page="7103",
    profile="17841400000007103",
    username="kumo.ceramics",
    deletes_by_api=False,
    wishes=(
        Wish("demo-bowls", "instagram", "Five bowls", STACK, pictures=("bowls",), fate=Fate.OUT),
        Wish(
            "demo-plates",
            "instagram",
            "The new dinner set",
            PLATES,
            "1 12:10",
            pictures=("plates", "shelf", "bowls"),
            written_by_anna=True,
        ),
        Wish("demo-kiln", "facebook", "Kiln diary", KILN_DIARY, "2 20:00", written_by_anna=True),
        Wish(
            "demo-open-studio",
            "facebook",
            "Open studio",
            OPEN_STUDIO,
            "1 11:00",
            pictures=("open_studio",),
            fate=Fate.APPROVED,
        ),
        Wish("demo-moon-jar", "instagram", "Moon jar", MOON_JAR, "3 19:30", pictures=("moon_jar",)),
        Wish(
            "demo-sale",
            "instagram",
            "Shelf sale",
            SHELF_SALE,
            "1 20:15",
            pictures=("shelf",),
            fate=Fate.REJECTED,
            tags=("off-brand",),
            note="They never shout, and there is no sale. Ask them what is new on the shelf instead.",
        ),
        Wish(
            "demo-course",
            "facebook",
            "Evening course",
            WORKSHOP_LINK,
            "3 08:30",
            link="https://kumo-ceramics.example/course",
        ),
    ),
)
