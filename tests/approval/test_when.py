"""Every sentence about when something goes out is asked of the gates."""

from datetime import timedelta

import pytest
from django.utils import timezone

from approval.models import Draft
from publishing import outlook
from publishing.models import Pause, SocialAccount
from tests import make
from tests.commands.conftest import command  # noqa: F401
from tests.pages.test_together import TOGETHER, typed


@pytest.fixture
def paused(page, operator):
    return Pause.objects.start(by=operator, reason="Press incident", client=page.client)


@pytest.fixture
def throttled(page):
    make.behind_the_back(page, throttled_until=timezone.now() + timedelta(hours=2))


def approve(desk, draft):
    return desk.post(f"{draft.get_absolute_url()}approve", {"when": "now", "digest": draft.digest()}, follow=True).text


def test_while_paused_the_review_page_says_so_before_and_after(desk, draft, paused):
    assert "Café Lua is paused by olga: Press incident." in decision(desk.get(draft.get_absolute_url()).text)
    done = approve(desk, draft)
    assert "It is held, and goes out only when that ends." in done
    assert "in 10 seconds" not in done


def decision(shown):
    return shown.partition('id="approve-form"')[2].partition("</fieldset>")[0]


def test_while_paused_together_lists_no_times(desk, draft, page, author, paused):
    make.draft(page, author, text="Second.")
    shown = desk.get(TOGETHER, {"client": page.client_id}).text
    assert shown.count("It is held, and goes out only when that ends.") == 2
    done = desk.post(TOGETHER, typed(Draft.objects.all())).text
    assert done.count("It is held, and goes out only when that ends.") == 2


def test_a_throttled_account_says_until_when(desk, draft, throttled):
    done = approve(desk, draft)
    until = SocialAccount.objects.get().throttled_until
    assert f"It goes out {draft.account.clock(until)} at the earliest." in done


def test_a_throttle_that_is_over_by_then_holds_nothing(draft, operator, throttled):
    at = timezone.now() + timedelta(hours=3)
    publication = make.approved(draft, operator, at)
    assert outlook.said(publication, timezone.now()) == f"It goes out {publication.local_time()}."


def test_a_spent_budget_is_told(desk, draft, page):
    make.behind_the_back(page, calls_per_hour=1)
    page.calls.create(verb="publish", milliseconds=1, at=timezone.now())
    assert "may make 1 calls in an hour" in decision(desk.get(draft.get_absolute_url()).text)


def test_an_account_to_be_reconnected_is_told(desk, draft, page):
    page.hold("The token was revoked.")
    assert "must be reconnected" in approve(desk, draft)


def test_what_nothing_holds_goes_out_in_ten_seconds(desk, draft):
    assert "It goes out in 10 seconds." in approve(desk, draft)


def test_the_command_says_that_it_is_held(command, draft, paused):  # noqa: F811
    answer = command("approve", draft.pk, "--by", "olga", "--at", "now", "--json")
    assert "Press incident" in answer.json[0]["held"]


def test_a_client_is_told_that_it_is_held_and_not_why(client, page, draft, operator, paused):
    _, start = make.client_link(page.client, operator, approving=True)
    assert "It is held for now" in client.get(f"{start}{draft.pk}/").text
    sent = client.post(f"{start}{draft.pk}/approve", {"digest": draft.digest()})
    done = client.get(sent["Location"]).text
    assert "It is held for now" in done
    assert "Press incident" not in done


def test_a_client_is_not_told_a_time_that_was_missed(client, page, draft, operator):
    _, start = make.client_link(page.client, operator, approving=True)
    client.post(f"{start}{draft.pk}/approve", {"digest": draft.digest()})
    make.behind_the_back(Draft.objects.get().publication, state="missed")
    shown = client.get(f"{start}{draft.pk}/").text
    assert "its time was missed" in shown
    assert "It is set for" not in shown


def test_moving_and_trying_again_while_paused_say_that_it_is_held(desk, draft, operator, paused):
    publication = make.approved(draft, operator, timezone.now() + timedelta(hours=1))
    at = publication.account.local(timezone.now() + timedelta(days=2))
    moved = desk.post(
        f"{publication.get_absolute_url()}reschedule", {"when": "at", "at": f"{at:%Y-%m-%dT%H:%M}"}, follow=True
    )
    assert "It is held, and goes out only when that ends." in moved.text


def test_what_waits_for_a_person_is_not_said_to_go_out(draft, operator):
    publication = make.approved(draft, operator, timezone.now() + timedelta(hours=1), mode="manual")
    assert outlook.said(publication, timezone.now()).startswith("A person posts it by hand,")


@pytest.mark.parametrize(
    "state", ["publishing", "unconfirmed", "failed", "missed", "handoff", "cancelled", "recovered"]
)
def test_every_state_has_its_sentence(state):
    assert outlook.OTHERWISE[state].startswith("It ")
