"""The platforms' own code against the stand-in, in each of its tempers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from publishing.platforms.base import Fate, Kind, PlatformError, SecondStepRefused, Sight
from tests.standin.conftest import PAGE, PROFILE
from tests.standin.tempers import TEMPERS

DICE = [f"dice {number}" for number in range(3)]
EVERY = pytest.mark.parametrize("temper", [*TEMPERS, *DICE])
SINCE = timedelta(minutes=1)


@pytest.fixture
def since():
    return datetime.now(UTC) - SINCE


def public(standin, account):
    return [post for post in standin.world.posts if post.account == account and standin.world.is_public(post)]


def published(platform, content):
    """As the desk does it: what was prepared is kept until a refusal says that it is used up."""
    reference = None
    for _ in range(4):
        try:
            reference = reference or platform.prepare(content)
            return platform.commit(content, reference)
        except SecondStepRefused:
            platform.account, reference = replace(platform.account, direct=True), None
        except PlatformError as error:
            if error.kind not in {Kind.RETRY, Kind.WAIT}:
                raise
            reference = None if error.start_over else reference
    raise AssertionError("never published")


@EVERY
@pytest.mark.parametrize("images", [0, 3])
def test_a_page_gets_one_post_as_it_was_approved(standin, facebook, content, temper, images):
    standin.world.turn(PAGE, {"temper": temper})
    if standin.world.temper(PAGE)["second_step_refusal"] == "no_effect":
        standin.world.turn(PAGE, {"two_step": True})
    receipt = published(facebook, content(images))
    [post] = public(standin, PAGE)
    assert (post.id, post.text, post.images) == (receipt.post_id, "Fresh bread\n at  seven.", images)


@EVERY
@pytest.mark.parametrize("images", [1, 3])
def test_an_instagram_account_gets_one_post_as_it_was_approved(standin, instagram, content, temper, images):
    standin.world.turn(PROFILE, {"temper": temper})
    receipt = published(instagram, content(images))
    [post] = public(standin, PROFILE)
    assert (post.id, post.text, post.images) == (receipt.post_id, "Fresh bread\n at  seven.", images)


@EVERY
def test_what_was_published_is_found_again_by_its_reference(standin, facebook, content, since, temper):
    standin.world.turn(PAGE, {"temper": temper, "two_step": True})
    reference = facebook.prepare(content())
    assert facebook.find(content(), reference, since, frozenset()).fate is Fate.NOT_LIVE
    receipt = facebook.commit(content(), reference)
    found = facebook.find(content(), reference, since, frozenset())
    assert (found.fate, found.receipt.post_id) == (Fate.LIVE, receipt.post_id)


@EVERY
@pytest.mark.parametrize("name", ["facebook", "instagram"])
def test_what_is_taken_down_is_gone_and_nothing_else(standin, request, content, temper, name):
    platform, account = request.getfixturevalue(name), {"facebook": PAGE, "instagram": PROFILE}[name]
    standin.world.turn(account, {"temper": temper, "two_step": True})
    standin.control.foreign(None, {"account": account, "text": "Fresh bread\n at  seven.", "images": 1})
    receipt = published(platform, content(1))
    assert platform.remove(receipt.post_id) is Sight.GONE
    assert not platform.is_readable(receipt.post_id)
    assert [post.foreign for post in public(standin, account)] == [True]


@EVERY
@pytest.mark.parametrize("name", ["facebook", "instagram"])
def test_the_account_is_checked_and_its_posts_are_listed(standin, request, content, since, temper, name):
    platform, account = request.getfixturevalue(name), {"facebook": PAGE, "instagram": PROFILE}[name]
    standin.world.turn(account, {"temper": temper, "two_step": True})
    receipt = published(platform, content(1))
    assert platform.check().name in {"Lua", "lua"}
    assert [seen.receipt.post_id for seen in platform.recent(since)] == [receipt.post_id]


def test_a_container_that_vanishes_while_it_is_published_is_no_reason_to_publish_another(standin, instagram, content):
    standin.world.turn(PROFILE, {"container_after": "gone"})
    standin.faults.arm("POST */media_publish", "error", when="after", code=24, subcode=2207006)
    with pytest.raises(PlatformError) as caught:
        published(instagram, content(1))
    assert (caught.value.kind, len(public(standin, PROFILE))) == (Kind.UNKNOWN, 1)


@pytest.mark.parametrize("way", ["empty_pages", "next_only"])
def test_a_post_on_the_second_page_is_found_however_the_pages_are_named(standin, direct, content, since, way):
    standin.world.turn(PAGE, {"paging": way, "list_lag_seconds": 0})
    receipt = published(direct, content())
    for number in range(60):
        standin.control.foreign(None, {"account": PAGE, "text": f"Number {number}", "offset_seconds": 1})
    standin.world.turn("", {"clock": 2})
    assert receipt.post_id in [seen.receipt.post_id for seen in direct.recent(since)]


def test_an_id_without_the_pages_number_is_completed(standin, facebook, content, since):
    standin.world.turn(PAGE, {"bare_ids": True})
    reference = facebook.prepare(content())
    facebook.commit(content(), reference)
    found = facebook.find(content(), reference, since, frozenset())
    assert found.receipt.post_id == reference["post_id"]


def test_a_second_step_without_effect_is_no_success(standin, facebook, content):
    standin.world.turn(PAGE, {"two_step": False, "second_step_refusal": "no_effect"})
    with pytest.raises(PlatformError, match="shows it as unpublished"):
        facebook.commit(content(), facebook.prepare(content()))
    assert public(standin, PAGE) == []
