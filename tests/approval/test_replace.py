import pytest
from django.db import IntegrityError, transaction

from approval.models import Draft
from approval.replacing import is_unchanged, replacement
from sophia.refusals import NotAllowed, WrongState
from tests import make


@pytest.fixture
def recovery(page, author, operator):
    """Of a post with a link and two images, being taken down."""
    pictures = [(make.image("navy"), "Navy"), (make.image("teal"), "Teal")]
    draft = make.draft(page, author, text="Bread for 3 €", link="https://lua.example", pictures=pictures)
    return make.published(draft, operator).recover(by=operator, reason="Wrong price")


def test_it_is_prefilled_from_what_was_archived_and_waits_for_review(recovery, operator):
    draft = replacement(recovery, by=operator)
    assert draft.manifest() == recovery.publication.manifest()
    assert (draft.state, draft.author, draft.publication) == (Draft.State.IN_REVIEW, operator, None)
    assert (draft.replaces, recovery.replacement) == (recovery, draft)


def test_who_wrote_it_and_why_is_recorded(recovery, operator):
    decisions = list(replacement(recovery, by=operator, via="cli").decisions.all())
    assert [(row.verb, row.by, row.via) for row in decisions] == [
        ("written", operator, "cli"),
        ("submitted", operator, "cli"),
    ]
    assert "taken down: Wrong price" in decisions[1].note


def test_asked_for_twice_it_is_one(recovery, operator, second_operator):
    assert replacement(recovery, by=operator) == replacement(recovery, by=second_operator)
    assert Draft.objects.filter(replaces=recovery).count() == 1


def test_the_database_refuses_a_second_one(recovery, operator, page):
    replacement(recovery, by=operator)
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.write(by=operator, account=page, text="B", replaces=recovery)


@pytest.mark.parametrize("name", ["viewer", "stranger"])
def test_only_who_may_write_does(recovery, name, request):
    with pytest.raises(NotAllowed):
        replacement(recovery, by=request.getfixturevalue(name))


def test_what_stays_up_is_not_replaced(draft, operator):
    recovery = make.published(draft, operator).recover(by=operator, reason="x", urgency="review")
    recovery.dismiss(by=operator, note="It is right.")
    with pytest.raises(WrongState, match="dismissed"):
        replacement(recovery, by=operator)


def test_it_differs_as_soon_as_words_or_images_do(recovery, operator):
    draft = replacement(recovery, by=operator)
    assert is_unchanged(draft)
    pictures = [(picture.image, "Other words") for picture in draft.framed()]
    draft.edit(by=operator, text=" BREAD for 3 €", link="", pictures=pictures, digest=draft.digest())
    assert is_unchanged(draft)
    draft.edit(by=operator, text="Bread for 4 €", link="", pictures=pictures, digest=draft.digest())
    assert not is_unchanged(draft)


def test_it_goes_out_like_any_other(recovery, operator, outbox):
    recovery.execute()
    draft = replacement(recovery, by=operator)
    publication = make.approved(draft, operator)
    publication.publish()
    assert [posted.live for posted in outbox] == [False, True]
