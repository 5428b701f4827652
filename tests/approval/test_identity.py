"""One rule for every door: a draft is known by its ref, else by account, content and time."""

import json
from functools import partial

import pytest
from django.urls import reverse

from approval.agents import tools
from approval.agents.writing import Given
from approval.batches.models import Batch
from approval.models import Draft
from tests import make
from tests.api.conftest import program, program_of, token_for  # noqa: F401
from tests.batches.conftest import upload  # noqa: F401
from tests.commands.conftest import command  # noqa: F401

AT = "2030-10-01T09:00:00+01:00"
WISH = {"account": "facebook:1001", "text": "Fresh bread.", "suggested_at": AT}


@pytest.fixture
def by_command(command, page):  # noqa: F811
    def bring(*wishes):
        return command("import_drafts", "-", "--json", stdin=b"\n".join(json.dumps(wish).encode() for wish in wishes))

    return bring


@pytest.fixture
def by_page(signed_in, author, page, upload):  # noqa: F811
    desk = signed_in(author)

    def bring(wish):
        upload(desk, json.dumps(wish).encode(), "drafts.jsonl")
        desk.post(reverse("approval:confirm_import", args=[Batch.objects.latest("pk").pk]))

    return bring


@pytest.fixture
def by_api(program, page):  # noqa: F811
    return partial(program.post, "drafts")


@pytest.fixture
def by_agent(author, page):
    return lambda wish: tools.submit_draft(author, None, Given(), **wish)


@pytest.mark.parametrize("first", ["by_command", "by_page", "by_api", "by_agent"])
def test_what_one_door_brought_no_door_brings_again(first, request):
    doors = [request.getfixturevalue(name) for name in ("by_command", "by_page", "by_api", "by_agent")]
    request.getfixturevalue(first)(WISH)
    for door in doors:
        door(WISH)
    assert Draft.objects.count() == 1


def test_a_mended_file_without_refs_makes_nothing_twice(by_command):
    others = {**WISH, "suggested_at": None}, {**WISH, "text": "Rolls."}
    assert by_command(WISH, {**WISH, "text": ""}, *others).code == 1
    answer = by_command(WISH, {**WISH, "text": "Buns."}, *others)
    assert [one["result"] for one in answer.json["drafts"]] == ["unchanged", "created", "unchanged", "unchanged"]
    assert Draft.objects.count() == 4


def test_the_same_words_for_another_time_or_account_are_another_draft(by_command):
    make.account("facebook", "2002", client="Nursery")
    others = {**WISH, "suggested_at": "2030-10-02T09:00"}, {**WISH, "account": "facebook:2002"}
    by_command(WISH, *others, {**WISH, "ref": "a-1"})
    assert Draft.objects.count() == 4


def test_it_is_known_as_it_was_brought_whatever_people_made_of_it(by_command, operator):
    by_command(WISH)
    draft = Draft.objects.get()
    draft.edit(by=operator, text="Better words.", link="", pictures=[], digest=draft.digest(), suggested_at=None)
    assert by_command(WISH).json["drafts"][0]["result"] == "unchanged"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"title": "Monday"}, "with another title."),
        ({"suggested_at": "2030-10-02T09:00Z"}, "with another suggested time."),
    ],
)
def test_a_changed_title_or_time_under_the_same_ref_is_refused_and_not_dropped(by_command, by_api, changed, said):
    wish = {**WISH, "ref": "a-1"}
    by_command(wish)
    assert said in by_command(wish | changed).json["errors"][0]["error"]
    answer = by_api(wish | changed)
    assert (answer.status_code, said in answer.json()["detail"]) == (409, True)


def test_what_a_line_leaves_out_it_does_not_change(by_command):
    by_command({**WISH, "ref": "a-1", "title": "Monday"})
    answer = by_command({"ref": "a-1", "account": "facebook:1001", "text": "Fresh bread."})
    assert answer.json["drafts"][0]["result"] == "unchanged"


def test_one_that_is_written_by_hand_may_say_the_same_again(page, author):
    assert make.draft(page, author) != make.draft(page, author)


@pytest.mark.parametrize("ref", ["", "x-1"])
def test_now_is_no_time_that_tells_drafts_apart(by_command, clock, ref):
    wish = {**WISH, "suggested_at": "now", "ref": ref}
    by_command(wish)
    clock.tick(300)
    assert by_command(wish).json["drafts"][0]["result"] == "unchanged"
    assert Draft.objects.get().suggested_at is None
