import pytest

from approval.models import Draft
from publishing.models import Publication
from sophia.refusals import WrongState
from tests import make


def test_a_reopened_draft_is_never_published(draft, operator, outbox):
    publication = make.approved(draft, operator)
    draft.reopen(by=operator)
    Publication.objects.get(pk=publication.pk).publish()
    publication.refresh_from_db()
    assert publication.state == Publication.State.CANCELLED
    assert not outbox


def test_what_is_out_cannot_be_reopened(draft, operator):
    make.published(draft, operator)
    with pytest.raises(WrongState, match="Take it down instead"):
        draft.reopen(by=operator)
    draft.refresh_from_db()
    assert draft.state == Draft.State.APPROVED


def test_a_reopened_draft_can_be_edited_and_approved_again(draft, operator, outbox):
    first = make.approved(draft, operator)
    draft.reopen(by=operator)
    draft.edit(by=operator, text="Better.", link="", pictures=[], digest=draft.digest())
    second = make.published(draft, operator)
    assert second != first
    assert [posted.content.text for posted in outbox] == ["Better."]


def test_a_draft_whose_publication_was_cancelled_can_be_reopened(draft, operator):
    make.approved(draft, operator).cancel(by=operator)
    draft.refresh_from_db()
    draft.reopen(by=operator)
    assert draft.state == Draft.State.IN_REVIEW


@pytest.mark.parametrize("verb", ["reject", "skip"])
def test_what_was_turned_down_can_be_judged_again(draft, operator, verb):
    getattr(draft, verb)(by=operator)
    draft.reopen(by=operator)
    assert draft.state == Draft.State.IN_REVIEW
