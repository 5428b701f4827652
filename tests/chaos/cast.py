"""The accounts of the play. A third of them publish in one step; each has a trouble of its own."""

from typing import Any, NamedTuple


class Actor(NamedTuple):
    platform: str
    external_id: str
    way: str
    client: str
    knobs: dict[str, Any] = {}
    """How the platform treats it all the time."""


CHAOS, FIRE = "Chaos", "Fire"
"""Everything of the second client comes down in an emergency."""
ACTORS = [
    Actor("facebook", "1001", "two_step", CHAOS, {"delete_without_effect": 3}),
    Actor("facebook", "1002", "two_step", CHAOS, {"upload_seconds": 2}),
    Actor("facebook", "1003", "direct", CHAOS, {"list_lag_seconds": 6}),
    Actor("facebook", "1004", "direct", CHAOS, {"upload_seconds": 2}),
    Actor("facebook", "1005", "two_step", FIRE),
    Actor("facebook", "1006", "direct", FIRE),
    Actor("instagram", "17841400000000001", "two_step", CHAOS, {"list_lag_seconds": 6}),
    Actor("instagram", "17841400000000002", "two_step", CHAOS, {"processing_seconds": 8}),
    Actor("instagram", "17841400000000003", "two_step", FIRE, {"comes_back_after": 6}),
]
RETURNING = {actor.external_id for actor in ACTORS if "comes_back_after" in actor.knobs}
SCOPES = [
    "pages_manage_posts", "pages_read_engagement", "pages_read_user_content", "pages_show_list", "instagram_basic",
    "instagram_content_publish", "instagram_manage_contents",
]  # fmt: skip


def token(external_id: str) -> str:
    return f"token-of-{external_id}"
