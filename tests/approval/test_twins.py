"""The same text, or the same images, within the window of the client: every door wants a reason."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from approval.models import Draft
from publishing.models import Client, Publication
from publishing.models.client import TWIN_WINDOW
from publishing.models.twins import HasTwin
from sophia.refusals import Refused
from tests import make
from tests.commands.conftest import command  # noqa: F401

WORDS = "Fresh bread at seven."
SOON = timedelta(days=2)


@pytest.fixture
def asking(page):
    page.client.twin_window = TWIN_WINDOW
    page.client.save()
    return page


@pytest.fixture
def planned(asking, author, operator):
    return make.approved(make.draft(asking, author, text=WORDS), operator, at=timezone.now() + SOON)


@pytest.fixture
def twin(planned, asking, author):
    return make.draft(asking, author, text="Fresh  bread at\u200b seven.")


def stays(draft):
    draft.refresh_from_db()
    return draft.state == Draft.State.IN_REVIEW and Publication.objects.count() == 1


def test_the_same_text_is_asked_about_and_goes_with_a_reason(twin, planned, operator):
    with pytest.raises(
        HasTwin, match=rf"The same text is planned for .* \(publication {planned.pk}\)\. If you mean it"
    ):
        twin.approve(by=operator, digest=twin.digest())
    assert stays(twin)
    twin.approve(by=operator, digest=twin.digest(), although="The client wants it twice.")
    assert twin.decisions.last().note == "The client wants it twice."


@pytest.mark.parametrize("unseen", ["\u00ad", "\u2060", "\u3164", "\U000e0041", "\r"])
def test_a_sign_that_nobody_sees_makes_no_other_text(planned, asking, author, operator, unseen):
    again = make.draft(asking, author, text=f"Fresh bre{unseen}ad at seven." if unseen != "\r" else f"{WORDS}{unseen}")
    with pytest.raises(HasTwin):
        again.approve(by=operator, digest=again.digest())


def test_a_link_alone_is_asked_about_and_beside_words_is_not(asking, author, operator):
    make.approved(make.draft(asking, author, text="", link="https://lua.example/menu"), operator)
    for text, link in (("Our menu.", "https://lua.example/menu"), ("", "https://lua.example/wine")):
        make.approved(make.draft(asking, author, text=text, link=link), operator)
    again = make.draft(asking, author, text="", link="https://lua.example/menu")
    with pytest.raises(HasTwin, match="The same link "):
        again.approve(by=operator, digest=again.digest())


def test_a_client_that_nobody_has_set_otherwise_is_asked_for_thirty_days(db):
    assert Client.objects.create(name="New").twin_window == timedelta(days=30)


def test_the_same_images_are_asked_about_and_one_that_is_shared_is_not(asking, author, operator):
    gold, navy, logo = (make.image(color) for color in ("gold", "navy", "olive"))
    make.published(make.draft(asking, author, text="One.", pictures=[(gold, "A"), (logo, "L")]), operator)
    other = make.draft(asking, author, text="Two.", pictures=[(navy, "B"), (logo, "L")])
    make.approved(other, operator)
    again = make.draft(asking, author, text="Three.", pictures=[(logo, "L"), (gold, "C")])
    with pytest.raises(HasTwin, match="The same images went out on"):
        again.approve(by=operator, digest=again.digest())


@pytest.mark.parametrize(("apart", "asked"), [(TWIN_WINDOW - SOON, True), (TWIN_WINDOW + SOON + SOON, False)])
def test_only_within_the_window_of_the_client(twin, operator, apart, asked):
    at = timezone.now() + apart
    if asked:
        with pytest.raises(HasTwin):
            twin.approve(by=operator, digest=twin.digest(), at=at)
    else:
        assert make.approved(twin, operator, at=at)


def test_both_questions_are_asked_at_once_for_one_reason_answers_both(asking, author, operator):
    far = timezone.now() + timedelta(days=400)
    make.approved(make.draft(asking, author, text=WORDS), operator, at=far, although="The yearly plan.")
    second = make.draft(asking, author, text=WORDS)
    with pytest.raises(HasTwin, match=r"is more than a year ahead.* The same text is planned"):
        second.approve(by=operator, digest=second.digest(), at=far)


def test_neither_what_was_cancelled_nor_another_account_is_a_twin(twin, planned, author, operator, asking):
    other = make.account("facebook", "2002")
    assert make.approved(make.draft(other, author, text=WORDS), operator)
    planned.cancel(by=operator)
    assert make.approved(twin, operator)


def test_the_review_page_asks_for_the_reason(desk, twin):
    typed, address = {"digest": twin.digest(), "when": "now"}, reverse("approval:approve", args=[twin.pk])
    answer = desk.post(address, typed)
    assert (answer.status_code in {409, 422}, stays(twin)) == (True, True)
    assert "The same once more, because <input" in answer.text
    assert desk.post(address, typed | {"although": "Twice."}).status_code == 302


def test_together_leaves_out_the_second_of_two(desk, asking, author):
    pair = [make.draft(asking, author, text=WORDS) for _ in range(2)]
    typed = {f"digest-{draft.pk}": draft.digest() for draft in pair}
    answer = desk.post(reverse("approval:together"), typed | {"draft": [draft.pk for draft in pair]})
    assert "The same is out or planned on this account already. Open it alone" in answer.text
    assert Publication.objects.count() == 1


def test_a_client_is_asked_for_an_answer(client, twin, operator):
    _, start = make.client_link(twin.account.client, operator, approving=True)
    answer = client.post(f"{start}{twin.pk}/approve", {"digest": twin.digest()})
    assert "A post with the same text, images or link is out or planned already" in answer.text
    assert stays(twin)


def test_the_command_names_its_option(command, asking, author, operator):  # noqa: F811
    pair = [make.draft(asking, author, text=WORDS) for _ in range(2)]
    answer = command("approve", *(str(draft.pk) for draft in pair), "--by", "olga", "--at", "now")
    assert (answer.code, "say why. (--although REASON)" in answer.error) == (1, True)
    assert Publication.objects.count() == 1
    assert command("approve", str(pair[1].pk), "--by", "olga", "--although", "Twice.").code == 0


def test_the_admin_asks_for_the_reason(desk, twin):
    where = reverse("admin:approval_draft_changelist")
    sent = {"action": "approve", "_selected_action": twin.pk, "confirmed": "yes", "mode": "auto"}
    sent |= {f"digest-{twin.pk}": twin.digest()}
    assert "The same text" in desk.post(where, sent, follow=True).text
    assert stays(twin)
    desk.post(where, sent | {"although": "The client wants it twice."})
    assert Publication.objects.count() == 2


def test_the_second_of_two_approvals_is_the_one_that_is_asked(twin, operator, second_operator):
    make.behind_the_back(twin.account.client, approval_rule="two")
    twin.account.client.refresh_from_db()
    twin.approve(by=operator, digest=twin.digest())
    with pytest.raises(HasTwin):
        twin.approve(by=second_operator, digest=twin.digest())


def test_moving_it_beside_its_twin_is_asked_about_and_moving_it_there_is_not_again(planned, twin, operator):
    far = make.approved(twin, operator, at=timezone.now() + TWIN_WINDOW + SOON + SOON)
    near = timezone.now() + timedelta(days=9)
    with pytest.raises(HasTwin):
        far.reschedule(by=operator, at=near)
    far.reschedule(by=operator, at=near, although="The client moved the fair.")
    far.reschedule(by=operator, at=near + SOON)


def test_what_failed_is_not_tried_again_beside_its_twin(planned, twin, operator):
    make.behind_the_back(planned, state="failed")
    make.approved(twin, operator)
    planned.refresh_from_db()
    with pytest.raises(Refused, match="The same text is planned"):
        planned.retry(by=operator)


def test_the_page_asks_for_the_reason_to_try_it_again(desk, planned, twin, operator):
    make.behind_the_back(planned, state="failed")
    make.approved(twin, operator)
    address = f"/queue/{planned.pk}/retry"
    refused = desk.post(address)
    assert (refused.status_code, 'name="although"' in refused.text) == (422, True)
    desk.post(address, {"although": "They are two different fairs."})
    planned.refresh_from_db()
    assert planned.state == "queued"


def test_what_never_arrived_is_sent_again_unasked(planned, twin, operator):
    make.approved(twin, operator, although="Twice.")
    make.behind_the_back(planned, state="unconfirmed", asked_at=timezone.now())
    planned.refresh_from_db()
    planned.deny_by_hand(by=operator)
    assert planned.state == "queued"
