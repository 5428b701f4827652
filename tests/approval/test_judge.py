import pytest

from approval.models import Draft
from sophia.refusals import NotAllowed, WrongState
from tests import make


def test_a_rejection_keeps_its_tags_and_note(draft, operator):
    draft.reject(by=operator, tags=["too formal"], note="We say du.")
    decision = draft.decisions.last()
    assert (draft.state, decision.tags, decision.note) == (Draft.State.REJECTED, ["too formal"], "We say du.")


def test_a_rejected_draft_can_be_submitted_again(draft, operator, author):
    draft.reject(by=operator)
    draft.submit(by=author, note="We do say du.")
    assert draft.state == Draft.State.IN_REVIEW


@pytest.mark.parametrize("verb", ["reject", "skip", "reopen"])
def test_an_author_does_not_judge(draft, author, verb):
    if verb == "reopen":
        draft.skip(by=make.person("olaf", "operator"))
    with pytest.raises(NotAllowed):
        getattr(draft, verb)(by=author)


def test_what_was_skipped_cannot_be_approved(draft, operator):
    draft.skip(by=operator)
    with pytest.raises(WrongState):
        make.approved(draft, operator)


def test_a_machine_may_submit_and_nothing_else(page):
    made = make.draft(page, None)
    assert [decision.by for decision in made.decisions.all()] == [None, None]


def test_the_stage_tells_where_a_draft_is(draft, operator):
    assert draft.stage == "in review"
    publication = make.approved(draft, operator)
    assert draft.stage == "queued"
    publication.publish()
    assert Draft.objects.get(pk=draft.pk).stage == "published"
