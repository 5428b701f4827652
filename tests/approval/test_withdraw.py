import pytest

from approval.models import Draft
from sophia.refusals import NotAllowed, WrongState
from tests import make


def test_an_author_takes_a_draft_back(draft, author):
    draft.withdraw(by=author, note="A typo.")
    assert draft.state == Draft.State.DRAFT
    assert not Draft.objects.in_review().exists()
    assert draft.decisions.last().verb == "withdrawn"


def test_it_is_submitted_again_and_waits_anew(draft, author, clock):
    draft.withdraw(by=author)
    clock.tick(60)
    before = draft.submitted_at
    draft.submit(by=author)
    assert draft.submitted_at > before


@pytest.mark.parametrize("verb", ["reject", "skip"])
def test_what_is_decided_is_not_taken_back(draft, author, operator, verb):
    getattr(draft, verb)(by=operator)
    with pytest.raises(WrongState, match="Cannot withdraw"):
        draft.withdraw(by=author)


def test_what_is_approved_is_not_taken_back(draft, author, operator):
    make.approved(draft, operator)
    with pytest.raises(WrongState):
        draft.withdraw(by=author)


def test_who_may_not_write_takes_nothing_back(draft, viewer):
    with pytest.raises(NotAllowed):
        draft.withdraw(by=viewer)


def test_there_is_a_button_for_the_author(signed_in, author, draft):
    browser = signed_in(author)
    assert "Take back" in browser.get(draft.get_absolute_url()).text
    answer = browser.post(f"{draft.get_absolute_url()}withdraw", follow=True)
    assert "Taken back." in answer.text
    assert "Submit for review" in answer.text
