"""Taken down by real processes over real HTTP, through what may go wrong."""

import time

import pytest

from tests.crash.desk import INSTAGRAM_SCOPES, PAGE, PROFILE, SCOPES

pytestmark = pytest.mark.crash

WHY = ("--by", "olga", "--reason", "Wrong price")


@pytest.fixture
def out(desk):
    def publish(account, text):
        publication = desk.settles(desk.approve(account, text, images=1))
        assert publication["state"] == "published"
        return publication

    return publish


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("account", [PAGE, PROFILE])
def test_a_delete_whose_answer_is_lost_is_repeated(desk, out, account, when):
    text = f"Lost {when} on {account}"
    publication = out(account, text)
    desk.fault(f"DELETE {publication['post_id']}", "reset", when=when)
    answer = desk.command("recover", str(publication["id"]), *WHY)
    assert (answer["state"], desk.public(text)) == ("completed", 0)
    assert answer["last_live_at"] < answer["seen_gone_at"]


def test_a_foreign_post_is_not_claimed_as_gone(desk, out):
    publication = out(PAGE, "Of another app")
    desk.turn(foreign_app=True)
    answer = desk.command("recover", str(publication["id"]), *WHY, code=3)
    assert (answer["state"], desk.public("Of another app")) == ("manual_recovery_needed", 1)
    assert "another app made it" in answer["note"]
    assert answer["next_at"]


def test_what_a_person_has_removed_is_noticed_by_sophia_itself(desk, out):
    publication = out(PROFILE, "Only by hand")
    desk.turn(delete_refused=2207073)
    desk.command("recover", str(publication["id"]), *WHY, code=3)
    desk.remove_by_hand(PROFILE, publication["post_id"])
    assert desk.public("Only by hand") == 0
    desk.until(lambda: desk.recovery(publication["id"]) == "completed")
    assert desk.state(publication["id"]) == "recovered"


def test_a_refusal_without_a_reason_is_repeated_and_then_left_to_a_person(desk, out):
    publication = out(PROFILE, "Fatal")
    desk.turn(delete_refused=2207085)
    assert desk.command("recover", str(publication["id"]), *WHY, code=3)["state"] == "manual_recovery_needed"
    desk.clear_faults()
    assert desk.command("recover", str(publication["id"]), *WHY)["state"] == "completed"


@pytest.mark.parametrize(
    ("account", "token", "scopes"),
    [(PAGE, "the-token-of-the-page", SCOPES), (PROFILE, "the-token-of-the-profile", SCOPES + INSTAGRAM_SCOPES)],
)
def test_a_token_revoked_in_the_middle_stops_it_until_the_account_is_connected(desk, out, account, token, scopes):
    text = f"Revoked on {account}"
    publication = out(account, text)
    desk.take_down(publication["id"])
    desk.until(lambda: desk.public(text) == 0)
    platform, external_id = account.split(":")
    desk.open(platform, external_id, token, scopes, broken=460)
    desk.until(lambda: desk.recovery(publication["id"]) == "failed")
    assert desk.state(publication["id"]) == "published"
    desk.open(platform, external_id, token, scopes, broken=None)
    name = {PAGE: "PAGE_TOKEN", PROFILE: "PROFILE_TOKEN"}[account]
    desk.command("connect", platform, "--client", "Lua", "--id", external_id, "--token-env", name)
    desk.until(lambda: desk.recovery(publication["id"]) == "completed")


@pytest.mark.parametrize("account", [PAGE, PROFILE])
def test_workers_killed_between_the_delete_and_its_record_are_followed(desk, out, account):
    text = f"Killed while taking down on {account}"
    publication = out(account, text)
    desk.fault(f"DELETE {publication['post_id']}", "hang", when="after", seconds=6)
    desk.take_down(publication["id"])
    desk.until(lambda: desk.public(text) == 0)
    desk.kill_workers()
    assert desk.recovery(publication["id"]) == "executing"

    def proved():
        desk.shell("from publishing.tasks import sweep; sweep()")
        return desk.recovery(publication["id"]) == "completed"

    desk.until(proved)
    assert desk.state(publication["id"]) == "recovered"


def test_take_downs_that_hang_hold_no_post_of_another_account(desk, out):
    """Four of them, and two workers that publish."""
    posts = [out(PAGE, f"Hangs {number}") for number in range(4)]
    for post in posts:
        desk.fault(f"DELETE {post['post_id']}", "hang", when="before", seconds=15)
        desk.take_down(post["id"])
    desk.until(lambda: [desk.recovery(post["id"]) for post in posts] == ["executing"] * 4)
    began = time.monotonic()
    publication = desk.settles(desk.approve(PROFILE, "Now", images=1))
    assert publication["state"] == "published"
    assert time.monotonic() - began < 12
