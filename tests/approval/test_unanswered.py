"""A client has said something, and nobody has answered."""

from datetime import timedelta

import pytest
from django.urls import reverse

from approval.clientlinks.models import ClientLink
from approval.hearing import Unanswered
from approval.models import Draft
from approval.seeing import Seen
from publishing.models.twins import HasTwin
from sophia.doors import Via
from tests import make
from tests.commands.conftest import command  # noqa: F401
from tests.pages.test_together import TOGETHER, typed

PRICE = "the price is 3,20 not 3,50!"


@pytest.fixture
def trusted(page, operator):
    """Marta may approve, and olga answers for it."""
    return make.client_link(page.client, operator, approving=True)


@pytest.fixture
def objected(draft, trusted):
    trusted[0].comment(draft, text=PRICE, digest="")
    return Draft.objects.get()


def comment(draft):
    return draft.comments.get()


def approved(draft):
    return Draft.objects.get(pk=draft.pk).state == Draft.State.APPROVED


def typed_alone(draft, **more):
    return {"when": "now", "digest": draft.digest(), "heard": [one.pk for one in draft.comments.all()]} | more


def test_it_is_not_approved_without_a_reason(objected, operator):
    with pytest.raises(Unanswered, match="3,20"):
        objected.approve(by=operator, digest=objected.digest())
    assert not approved(objected)


def test_a_reason_is_kept_with_the_decision_and_answers(objected, operator):
    objected.approve(by=operator, digest=objected.digest(), answer="She meant the other post.")
    decision = objected.decisions.get(verb="approved")
    assert decision.note == "She meant the other post."
    assert comment(objected).answer == decision


def test_a_reason_does_not_count_for_what_came_in_after_the_page_was_read(objected, trusted, operator):
    seen = Seen("review page", comments=[comment(objected).pk])
    trusted[0].comment(objected, text="And the photo is of the other shop.", digest="")
    with pytest.raises(Unanswered, match="came in while you looked"):
        objected.approve(by=operator, digest=objected.digest(), answer="Asked her.", seen=seen)
    assert not approved(objected)


def test_an_edit_on_the_desk_answers(objected, author, operator):
    objected.edit(by=author, text="Bread for 3,20.", link="", pictures=[], digest=objected.digest())
    objected.approve(by=operator, digest=objected.digest())
    assert comment(objected).answer.verb == "edited"


def test_a_revision_by_a_machine_answers_nobody(objected, author, operator):
    objected.edit(by=author, text="Other bread.", link="", pictures=[], digest=objected.digest(), via=Via.MCP)
    with pytest.raises(Unanswered):
        objected.approve(by=operator, digest=objected.digest())


def test_changed_back_to_what_was_objected_to_it_is_unanswered_again(draft, trusted, author):
    was, words = draft.digest(), draft.text
    trusted[0].visit(draft)
    trusted[0].comment(draft, text=PRICE, digest=was)
    for text in ("Bread for 3,20.", words):
        draft.edit(by=author, text=text, link="", pictures=[], digest=draft.digest())
    assert [one.text for one in Draft.objects.get().unanswered] == [PRICE]


def test_who_agrees_first_has_to_say_why_too(objected, operator):
    make.behind_the_back(objected.account.client, approval_rule="two")
    with pytest.raises(Unanswered):
        objected.approve(by=operator, digest=objected.digest())
    objected.approve(by=operator, digest=objected.digest(), answer="She rang: 3,50 is right.")
    assert objected.decisions.get(verb="agreed").note == "She rang: 3,50 is right."


def test_it_stands_beside_the_button_in_the_list_and_in_together(desk, objected):
    alone = desk.get(objected.get_absolute_url()).text
    together = desk.get(TOGETHER, {"draft": objected.pk}).text
    assert PRICE in alone.partition('id="approve-form"')[2].partition('data-key="a"')[0]
    assert "Marta (client) wrote" in alone.partition('id="review-queue"')[2].partition("</ul>")[0]
    assert PRICE in together
    assert "data-ticks" not in together


def test_the_review_page_asks_for_the_reason(desk, objected):
    address = f"{objected.get_absolute_url()}approve"
    refused = desk.post(address, typed_alone(objected))
    assert (refused.status_code, 'name="answer"' in refused.text) == (422, True)
    desk.post(address, typed_alone(objected, answer="She meant the other post."))
    assert approved(objected)


def test_the_page_that_never_showed_it_approves_nothing(desk, objected):
    answer = desk.post(f"{objected.get_absolute_url()}approve", typed_alone(objected, answer="Yes.", heard=[]))
    assert "came in while you looked" in answer.text
    assert not approved(objected)


def test_together_asks_for_the_reason(desk, objected):
    shown = typed([objected]) | {f"heard-{objected.pk}": comment(objected).pk}
    assert desk.post(TOGETHER, shown).status_code == 409
    desk.post(TOGETHER, shown | {f"answer-{objected.pk}": "She rang."})
    assert approved(objected)


def test_the_command_asks_for_the_reason(command, objected, operator):  # noqa: F811
    refused = command("approve", objected.pk, "--by", "olga")
    assert PRICE in refused.error
    assert "--answer REASON" in refused.error
    assert command("approve", objected.pk, "--by", "olga", "--answer", "She rang.").code == 0


def test_the_admin_shows_it_and_asks_for_the_reason(desk, objected):
    sent = {"action": "approve", "_selected_action": objected.pk}
    asked = desk.post(reverse("admin:approval_draft_changelist"), sent).text
    assert PRICE in asked
    sent |= {"confirmed": "yes", "mode": "auto", f"digest-{objected.pk}": objected.digest()}
    sent |= {f"heard-{objected.pk}": comment(objected).pk}
    assert PRICE in desk.post(reverse("admin:approval_draft_changelist"), sent, follow=True).text
    desk.post(reverse("admin:approval_draft_changelist"), sent | {"answer": "She rang."})
    assert approved(objected)


def test_a_link_revoked_a_moment_ago_approves_nothing(draft, trusted, operator):
    held = ClientLink.objects.get()
    ClientLink.objects.get().revoke(by=operator)
    with pytest.raises(Exception, match="This link has ended"):
        held.approve(draft, digest=draft.digest())
    with pytest.raises(Exception, match="This link has ended"):
        held.comment(draft, text="And this?", digest="")
    assert not approved(draft)


def test_a_link_whose_right_was_lost_a_moment_ago_approves_nothing(draft, trusted, operator):
    held = ClientLink.objects.get()
    assert held.may_approve
    operator.groups.clear()
    with pytest.raises(Exception, match="may not do so any more"):
        held.approve(draft, digest=draft.digest())
    assert not approved(draft)


def test_an_answer_to_a_client_is_no_reason_for_a_twin(objected, page, author, operator):
    page.client.twin_window = timedelta(days=30)
    page.client.save()
    make.approved(make.draft(page, author, text=objected.text), operator)
    with pytest.raises(HasTwin):
        Draft.objects.get(pk=objected.pk).approve(by=operator, digest=objected.digest(), answer="She rang.")
    assert not approved(objected)
    Draft.objects.get(pk=objected.pk).approve(
        by=operator, digest=objected.digest(), answer="She rang.", although="Twice."
    )
    assert approved(objected)


def test_a_reason_for_a_twin_is_no_answer_to_a_client(objected, operator):
    with pytest.raises(Unanswered):
        objected.approve(by=operator, digest=objected.digest(), although="Twice.")
    assert not approved(objected)


def test_an_edit_answers_only_what_its_page_showed(signed_in, author, draft, trusted, operator):
    desk, typed = signed_in(author), {"text": f"{draft.text}.", "link": "", "missing": 0}
    form = desk.get(f"{draft.get_absolute_url()}edit").text
    trusted[0].comment(draft, text=PRICE, digest="")
    desk.post(f"{draft.get_absolute_url()}edit", typed | {"digest": draft.digest()})
    edited = Draft.objects.get(pk=draft.pk)
    assert 'name="heard"' not in form
    assert [one.text for one in edited.unanswered] == [PRICE]
    shown = desk.get(f"{draft.get_absolute_url()}edit").text
    assert f'name="heard" value="{comment(edited).pk}"' in shown
    desk.post(
        f"{draft.get_absolute_url()}edit",
        typed | {"text": "Bread for 3,20.", "digest": edited.digest(), "heard": comment(edited).pk},
    )
    assert Draft.objects.get(pk=draft.pk).unanswered == []


def test_an_approval_that_is_taken_back_answers_nobody(objected, operator):
    objected.approve(by=operator, digest=objected.digest(), answer="A slip of the finger.")
    objected.reopen(by=operator)
    assert [one.text for one in Draft.objects.get(pk=objected.pk).unanswered] == [PRICE]
    with pytest.raises(Unanswered):
        Draft.objects.get(pk=objected.pk).approve(by=operator, digest=objected.digest())


def test_who_wrote_it_approves_without_answering_themselves(client, trusted, draft):
    trusted[0].comment(draft, text="Perfect!", digest="")
    address = f"{trusted[1]}{draft.pk}/"
    shown = client.get(address).text
    assert "You wrote, and nobody has answered" in shown
    assert 'name="answer"' not in shown
    unseen = client.post(f"{address}approve", {"digest": draft.digest()})
    assert (unseen.status_code, approved(draft)) == (422, False)
    client.post(f"{address}approve", {"digest": draft.digest(), "heard": comment(draft).pk})
    assert approved(draft)


def test_another_at_the_client_answers_what_the_first_wrote(client, page, operator, objected):
    _, second = make.client_link(page.client, operator, approving=True, person="Ana")
    address, sent = f"{second}{objected.pk}/", {"digest": objected.digest(), "heard": comment(objected).pk}
    assert 'name="answer"' in client.get(address).text
    assert "has written about this post" in client.post(f"{address}approve", sent).text
    assert not approved(objected)
    client.post(f"{address}approve", sent | {"answer": "I looked again: it is right."})
    assert approved(objected)


def test_a_reason_is_for_one_draft(command, desk, objected, page, author):  # noqa: F811
    other = make.draft(page, author, text="Rolls.")
    several = command("approve", objected.pk, other.pk, "--by", "olga", "--answer", "She rang.")
    assert "A reason is for one draft" in several.error
    sent = {"action": "approve", "_selected_action": [objected.pk, other.pk], "confirmed": "yes", "mode": "auto"}
    for draft in (objected, other):
        sent |= {f"digest-{draft.pk}": draft.digest()}
    sent |= {f"heard-{objected.pk}": comment(objected).pk, "answer": "She rang."}
    assert "a reason is for one draft" in desk.post(reverse("admin:approval_draft_changelist"), sent, follow=True).text
    assert not approved(objected)
