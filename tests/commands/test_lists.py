import pytest

from tests import make


def test_an_empty_list_says_what_to_do(command, db):
    assert command("queue", "--json").json == []
    assert command("drafts", "--json").json == []
    assert "import_drafts" in command("drafts").out
    assert "Approve a draft" in command("queue").out


def test_a_draft_shows_what_became_of_it(command, draft, operator):
    before = command("drafts", "--json").json[0]
    assert before["digest"] == draft.digest()
    assert (before["state"], before["publication"], before["publish_at"]) == ("in_review", None, None)

    publication = make.published(draft, operator)

    after = command("drafts", "--json").json[0]
    assert (after["state"], after["stage"], after["publication"]) == ("approved", "published", publication.pk)
    assert (after["post_id"], after["attempts"]) == (publication.post_id, 1)


def test_a_publication_shows_where_it_is(command, draft, operator):
    publication = make.published(draft, operator)

    (row,) = command("queue", "--json").json

    assert row["id"] == publication.pk
    assert (row["account"], row["state"], row["attempts"], row["reason"]) == ("facebook:1001", "published", 1, "")
    assert (row["permalink"], row["approved_by"], row["mode"]) == (publication.permalink, "olga", "auto")
    assert row["published_at"].endswith("Z")


def test_a_list_can_be_narrowed_to_a_state(command, publication):
    assert len(command("queue", "--state", "queued", "--json").json) == 1
    assert command("queue", "--state", "failed", "--json").json == []
    assert command("drafts", "--state", "in_review", "--json").json == []


@pytest.mark.parametrize("name", ["queue", "drafts"])
def test_an_unknown_state_lists_the_known_ones(command, db, name):
    answer = command(name, "--state", "bogus")

    assert answer.code == 1
    assert "rejected" in answer.error or "queued, publishing" in answer.error


@pytest.mark.parametrize("name", ["queue", "drafts"])
def test_a_longer_list_asks_the_database_no_more(command, page, author, operator, name, django_assert_num_queries):
    for number in range(3):
        make.approved(make.draft(page, author, text=f"Post {number}", pictures=[(make.image(), "")]), operator)

    with django_assert_num_queries(11 if name == "queue" else 4):
        command(name, "--json")


def test_times_are_on_the_clock_of_the_client(command, publication):
    assert publication.account.clock(publication.publish_at) in command("queue").out


def test_a_draft_cannot_move_the_cursor_of_the_terminal(command, page, author):
    make.draft(page, author, title="\x1b[2JGone\nand more")

    out = command("drafts").out
    assert "\x1b" not in out
    assert len(out.splitlines()) == 2
