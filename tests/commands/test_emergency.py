import pytest

from publishing.management.commands import emergency as command_itself
from publishing.models import Emergency, Pause
from publishing.platforms import memory
from publishing.platforms.base import Kind, PlatformError
from tests import make

WHY = ("--client", "Café Lua", "--since", "2020-01-01T00:00", "--reason", "Wrong prices", "--by", "olga")


@pytest.fixture
def posts(page, author, operator):
    return [make.published(make.draft(page, author, text=f"Post {number}"), operator) for number in range(3)]


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(command_itself, "PATIENCE", 20)
    monkeypatch.setattr(command_itself, "PER_POST", 0)


def test_everything_is_gone_and_the_client_is_paused(command, posts, outbox):
    answer = command("emergency", *WHY, "--yes", "--json")

    assert answer.code == 0
    assert answer.json["counts"] | {"gone": 3, "total": 3} == answer.json["counts"]
    assert [post["state"] for post in answer.json["posts"]] == ["completed"] * 3
    assert not any(posted.live for posted in outbox)
    assert (Emergency.objects.get().via, Pause.objects.get().pk) == ("cli", answer.json["pause"])


def test_no_pause_where_none_is_wanted(command, posts):
    assert command("emergency", *WHY, "--yes", "--no-pause", "--json").json["pause"] is None


def test_the_preview_asks_for_the_clients_name(command, posts, outbox, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda _: "Café Lua")
    answer = command("emergency", *WHY, tty=True)

    assert answer.code == 0
    assert "Would come down: 3 of Café Lua since" in answer.out
    assert all(post.permalink in answer.out for post in posts)
    assert not any(posted.live for posted in outbox)


def test_another_name_takes_nothing_down(command, posts, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda _: "y")

    assert "not the client's name" in command("emergency", *WHY, tty=True).error
    assert not Emergency.objects.exists()


def test_where_nobody_can_be_asked_nothing_is_taken_down(command, posts):
    answer = command("emergency", *WHY, "--json")

    assert (answer.code, len(answer.json["posts"])) == (1, 3)
    assert "add --yes" in answer.error
    assert not Emergency.objects.exists()


def test_what_a_person_must_remove_leaves_with_three(command, posts):
    memory.by_hand.add(posts[0].post_id)
    answer = command("emergency", *WHY, "--yes", "--json")

    assert (answer.code, answer.json["counts"]["manual"]) == (3, 1)
    assert f"publication {posts[0].pk}" in answer.error


def test_what_failed_leaves_with_one(command, posts):
    for _ in range(30):
        memory.fail_next("remove", PlatformError(Kind.REJECTED, "No."))
        memory.fail_next("prove_gone", PlatformError(Kind.REJECTED, "No."))
    answer = command("emergency", *WHY, "--yes", "--json")

    assert (answer.code, answer.json["counts"]["gone"]) == (1, 0)
    assert "0 of 3 are proved gone" in answer.error
    assert "Sophia goes on with what is open" in answer.error


def test_what_failed_often_is_said_to_go_on_all_the_same(command, posts, settings):
    settings.SOPHIA_REMOVE_AGAIN = []
    for _ in range(30):
        memory.fail_next("remove", PlatformError(Kind.REJECTED, "No."))
    answer = command("emergency", *WHY, "--yes", "--json")

    assert (answer.code, answer.json["counts"]["failed"]) == (1, 3)
    assert "3 failed so far, and are tried again" in answer.error
    assert "Sophia goes on with what is open" in answer.error


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("--client", "Nobody"), "There is no client “Nobody”"),
        (("--since", "yesterday"), "is not a time"),
        (("--since", "2099-01-01T00:00"), "Nothing of"),
        (("--by", "vera"), "vera may not take posts down"),
        (("--reason", " "), "Say why"),
    ],
)
def test_what_is_refused_is_one_sentence_and_one(command, posts, viewer, wrong, said):
    answer = command("emergency", *WHY, *wrong, "--yes", "--json")

    assert (answer.code, answer.out) == (1, "")
    assert said in answer.error
    assert not Emergency.objects.exists()
