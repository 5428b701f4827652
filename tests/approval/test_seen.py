"""What was on the screen of whoever approved, kept with the decision."""

import pytest

from approval.models import Draft
from tests import make
from tests.commands.conftest import command  # noqa: F401
from tests.pages.test_together import TOGETHER, typed

EVERYTHING = ["text", "images", "alt texts"]


@pytest.fixture
def pictured(page, author):
    return make.draft(page, author, pictures=[(make.image(), "A teal square")])


def kept(draft):
    return draft.decisions.get(verb="approved").shown


def test_the_review_page_keeps_what_it_showed_and_what_came_in_sight(desk, pictured):
    sent = {"when": "now", "digest": pictured.digest(), "in_sight": "text,images,nonsense"}
    desk.post(f"{pictured.get_absolute_url()}approve", sent)
    assert kept(pictured) == {"screen": "review page", "parts": EVERYTHING, "in_sight": ["text", "images"]}
    assert "Not on the screen then: alt texts" in desk.get(pictured.get_absolute_url()).text


def test_without_a_script_nobody_claims_what_came_in_sight(desk, pictured):
    desk.post(f"{pictured.get_absolute_url()}approve", {"when": "now", "digest": pictured.digest()})
    assert kept(pictured) == {"screen": "review page", "parts": EVERYTHING}


def test_together_keeps_its_own_name(desk, pictured):
    desk.post(TOGETHER, typed([Draft.objects.get()]) | {f"in_sight-{pictured.pk}": "text,images,alt texts"})
    assert kept(pictured) == {"screen": "together", "parts": EVERYTHING, "in_sight": EVERYTHING}


def test_a_clients_page_keeps_its_own_name(client, pictured, operator):
    _, start = make.client_link(pictured.account.client, operator, approving=True)
    client.get(f"{start}{pictured.pk}/")
    client.post(f"{start}{pictured.pk}/approve", {"digest": pictured.digest(), "in_sight": "text"})
    assert kept(pictured) == {"screen": "client page", "parts": EVERYTHING, "in_sight": ["text"]}


def test_a_command_showed_nothing(pictured, operator, command):  # noqa: F811
    command("approve", pictured.pk, "--by", "olga")
    assert kept(pictured) == {"screen": "none", "parts": []}


def test_the_first_of_two_approvals_keeps_it_too(desk, pictured):
    make.behind_the_back(pictured.account.client, approval_rule="two")
    desk.post(f"{pictured.get_absolute_url()}approve", {"when": "now", "digest": pictured.digest()})
    assert pictured.decisions.get(verb="agreed").shown["parts"] == EVERYTHING


def test_together_ticks_nothing_by_itself(desk, pictured):
    shown = desk.get(TOGETHER, {"draft": pictured.pk}).text
    assert " checked" not in shown.partition('name="draft"')[2].partition(">")[0]
