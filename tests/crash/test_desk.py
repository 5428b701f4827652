"""The whole way over real HTTP, by command: from a draft to the public wall and back."""

import pytest

from tests.crash.desk import PAGE, PROFILE

pytestmark = pytest.mark.crash

POSTS = [
    pytest.param(PAGE, 0, id="Facebook text"),
    pytest.param(PAGE, 1, id="Facebook photo"),
    pytest.param(PAGE, 3, id="Facebook three photos"),
    pytest.param(PROFILE, 1, id="Instagram image"),
    pytest.param(PROFILE, 3, id="Instagram carousel"),
]


@pytest.mark.parametrize(("account", "images"), POSTS)
def test_a_draft_goes_out_and_comes_down_again(desk, account, images):
    text = f"Out and down on {account} with {images}"
    publication = desk.settles(desk.approve(account, text, images))
    assert publication["state"] == "published"
    assert publication["attempts"] == 1
    assert desk.public(text) == 1
    recovery = desk.command("recover", publication["permalink"], "--by", "olga", "--reason", "Wrong price")
    assert recovery["state"] == "completed"
    assert desk.public(text) == 0


IRREVERSIBLE = [
    pytest.param(PAGE, "POST *1001_*", id="Facebook"),
    pytest.param(PROFILE, "POST *media_publish", id="Instagram"),
]


@pytest.mark.parametrize(("account", "call"), IRREVERSIBLE)
def test_workers_killed_between_effect_and_answer_publish_once(desk, account, call):
    """kill -9 of every worker while the platform has published and not yet answered."""
    text = f"Killed on {account}"
    desk.fault(call, "hang", when="after", seconds=6)
    publication = desk.approve(account, text, images=1)
    desk.until(lambda: desk.public(text) == 1)
    desk.kill_workers()
    row = desk.settles(publication)
    assert (row["state"], row["attempts"]) == ("published", 1)
    assert desk.public(text) == 1


def test_where_instagram_refuses_a_person_is_sent(desk):
    text = "By hand"
    publication = desk.settles(desk.approve(PROFILE, text, images=1))
    desk.turn(delete_refused=2207073)
    arguments = ("recover", str(publication["id"]), "--by", "olga", "--reason", "Wrong price")
    answer = desk.command(*arguments, code=3)
    assert answer["state"] == "manual_recovery_needed"
    assert publication["permalink"] in " ".join(answer["steps"])
    desk.clear_faults()
    assert desk.command(*arguments)["state"] == "completed"
