import pytest

from approval.models import Draft
from tests import make
from tests.admin.conftest import said

CHANGELIST = "/admin/approval/draft/"
pytestmark = pytest.mark.django_db


def seen(*drafts):
    return {f"digest-{draft.pk}": draft.digest() for draft in drafts} | {"mode": "auto"}


def test_approving_asks_first_and_shows_the_digest(act, draft, operator):
    page = act(operator, "approve", draft, ask_first=True)

    assert draft.digest() in page.content.decode()
    assert "Fresh bread at seven." in page.content.decode()
    draft.refresh_from_db()
    assert draft.state == "in_review"


def test_what_was_shown_is_approved(act, draft, operator):
    answer = act(operator, "approve", draft, typed=seen(draft))

    draft.refresh_from_db()
    assert (answer.status_code, draft.state) == (302, "approved")
    assert draft.decisions.last().via == "admin"
    assert "is approved" in said(answer)


def test_the_filters_of_the_list_come_back(act, draft, operator):
    answer = act(operator, "approve", draft, typed=seen(draft) | {"filters": "state=in_review"})

    assert answer.url == "/admin/approval/draft/?state=in_review"


@pytest.mark.parametrize("forged", [{}, {"digest": "x"}])
def test_a_change_underneath_is_refused(act, draft, operator, forged):
    answer = act(operator, "approve", draft, typed={"mode": "auto", f"digest-{draft.pk}": "0" * 64} | forged)

    draft.refresh_from_db()
    assert draft.state == "in_review"
    assert "changed while you looked" in said(answer)


def test_each_draft_gets_its_own_answer(act, page, author, operator):
    first, second = make.draft(page, author), make.draft(page, author, text="Another.")
    make.approved(first, operator)

    answer = act(operator, "approve", first, second, typed=seen(first, second))

    second.refresh_from_db()
    assert second.state == "approved"
    assert f"Cannot approve draft {first.pk}" in said(answer)


def test_of_all_that_match_one_action_shows_and_does_the_first(client, page, author, operator, monkeypatch):
    monkeypatch.setattr("sophia.confirming.MOST", 2)
    for number in range(3):
        make.draft(page, author, text=f"Number {number}.")
    client.force_login(operator)
    everything = {"action": "skip", "_selected_action": Draft.objects.latest("pk").pk, "select_across": "1"}
    shown = client.post(CHANGELIST, everything)
    assert len(shown.context["rows"]) == 2
    assert "These are the first 2" in said(shown)
    client.post(CHANGELIST, everything | {"confirmed": "yes"})
    assert Draft.objects.in_review().count() == 1


def test_a_time_is_on_the_clock_of_the_client(act, draft, operator):
    act(operator, "approve", draft, typed=seen(draft) | {"at": "2099-07-01T09:00", "although": "A test."})

    draft.refresh_from_db()
    assert draft.publication.publish_at.isoformat() == "2099-07-01T08:00:00+00:00"


def test_a_time_that_is_none_is_refused(act, draft, operator):
    assert "is not a time" in said(act(operator, "approve", draft, typed=seen(draft) | {"at": "later"}))


def test_a_rejection_keeps_its_tags_and_note(act, draft, operator):
    act(operator, "reject", draft, typed={"tags": "tone, typo,", "note": "Too loud."})

    decision = draft.decisions.last()
    assert (decision.verb, decision.tags, decision.note) == ("rejected", ["tone", "typo"], "Too loud.")


def test_a_skipped_draft_can_be_reopened(act, draft, operator):
    act(operator, "skip", draft)
    act(operator, "reopen", draft)

    assert [decision.verb for decision in draft.decisions.all()][-2:] == ["skipped", "reopened"]


@pytest.mark.parametrize("action", ["approve", "reject", "skip", "reopen"])
def test_a_viewer_who_forges_the_form_is_refused(act, draft, viewer, action):
    act(viewer, action, draft, typed=seen(draft) | {"note": "", "tags": ""})

    draft.refresh_from_db()
    assert draft.state == "in_review"
    assert draft.decisions.count() == 2


def test_a_viewer_is_not_offered_the_actions(client, draft, viewer):
    client.force_login(viewer)

    assert "Approve drafts" not in client.get("/admin/approval/draft/").content.decode()


def test_a_draft_is_only_read(client, draft, boss):
    client.force_login(boss)
    address = f"/admin/approval/draft/{draft.pk}/change/"

    assert client.get(address).status_code == 200
    assert client.post(address, {"text": "Other words."}).status_code == 403
    assert client.get("/admin/approval/draft/add/").status_code == 403
    assert client.post(f"/admin/approval/draft/{draft.pk}/delete/", {"post": "yes"}).status_code == 403
