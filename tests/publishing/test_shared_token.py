"""A person's token that several accounts use is renewed once for all of them."""

import pytest

from publishing.models import SocialAccount
from publishing.platforms import memory
from publishing.platforms.base import Kind, PlatformError
from tests import make


@pytest.fixture
def shared(db):
    """Three accounts with one token, and one with its own."""
    made = [make.account("instagram", f"1784140000000000{n}") for n in range(4)]
    for account in made[:3]:
        account.connect_alone(token="one-for-all")
        account.hold("Its session is over.")
    return made


def tokens():
    return list(SocialAccount.objects.order_by("pk").values_list("token", "needs_reconnect_since"))


def test_the_others_that_had_the_same_token_get_the_new_one(shared):
    found = shared[0].connect(token="a-new-one")
    assert tokens() == [("a-new-one", None)] * 3 + [("token-of-17841400000000003", None)]
    assert f"{shared[1]} had the same old token, and has the new one now." in found


def test_one_that_the_platform_refuses_it_to_stays_held_and_is_named(shared):
    memory.fail_next("check", PlatformError(Kind.AUTH, "No such account."))
    [other, _] = shared[0].sharers()
    said = other.follow("a-new-one", None, {})
    assert (
        said == f"{other} had the same old token, and does not take the new one: No such account. Connect it by itself."
    )
    assert tokens()[1] == ("one-for-all", shared[1].needs_reconnect_since)


def test_nothing_is_shared_where_the_platform_refuses_the_first(shared):
    memory.fail_next("check", PlatformError(Kind.AUTH, "No."))
    with pytest.raises(PlatformError):
        shared[0].connect(token="a-new-one")
    assert [token for token, _ in tokens()[:3]] == ["one-for-all"] * 3


def test_an_update_without_a_token_touches_no_other(shared):
    shared[0].connect(name="The bakery")
    assert [since is None for _, since in tokens()] == [True, False, False, True]
