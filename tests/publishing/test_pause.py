import pytest

from publishing.models import Pause, Publication
from sophia.refusals import NotAllowed, Refused, WrongState
from tests import make
from tests.draining import drain


def test_nothing_goes_out_while_everything_is_paused(publication, operator, outbox):
    Pause.objects.start(by=operator, reason="Bad news day")
    publication.publish()
    publication.refresh_from_db()
    assert not outbox
    assert publication.state == Publication.State.QUEUED


def test_lifting_lets_what_waited_go_out_at_once(publication, operator, outbox):
    pause = Pause.objects.start(by=operator, reason="Bad news day")
    drain()
    pause.lift(by=operator)
    drain()
    assert len(outbox) == 1


@pytest.mark.parametrize(
    ("scope", "held"),
    [
        ({"platform": "facebook"}, True),
        ({"platform": "instagram"}, False),
    ],
)
def test_a_platform_can_be_paused_alone(publication, operator, outbox, scope, held):
    Pause.objects.start(by=operator, reason="Outage", **scope)
    publication.publish()
    assert bool(outbox) is not held


def test_a_client_can_be_paused_alone(publication, operator, outbox):
    other = make.account(external_id="2002", client="Other")
    Pause.objects.start(by=operator, reason="Funeral", client=publication.account.client)
    publication.publish()
    make.published(make.draft(other, operator), operator)
    assert [posted.account for posted in outbox] == ["2002"]


def test_an_account_can_be_paused_alone(publication, operator, outbox):
    Pause.objects.start(by=operator, reason="Hacked", account=publication.account)
    publication.publish()
    assert not outbox


def test_two_pauses_are_lifted_one_by_one(publication, operator, outbox):
    first = Pause.objects.start(by=operator, reason="One")
    second = Pause.objects.start(by=operator, reason="Two", client=publication.account.client)
    first.lift(by=operator)
    publication.publish()
    assert not outbox
    second.lift(by=operator)
    publication.publish()
    assert len(outbox) == 1


def test_a_pause_has_a_reason_and_one_scope(operator, page):
    with pytest.raises(Refused, match="Say why"):
        Pause.objects.start(by=operator, reason=" ")
    with pytest.raises(Refused, match="one scope"):
        Pause.objects.start(by=operator, reason="x", client=page.client, platform="facebook")


@pytest.mark.parametrize("name", ["author", "viewer", "stranger"])
def test_only_who_may_pauses_and_resumes(operator, name, request):
    person = request.getfixturevalue(name)
    with pytest.raises(NotAllowed):
        Pause.objects.start(by=person, reason="x")
    with pytest.raises(NotAllowed):
        Pause.objects.start(by=operator, reason="x").lift(by=person)


def test_a_pause_is_lifted_once(operator):
    pause = Pause.objects.start(by=operator, reason="x")
    pause.lift(by=operator)
    with pytest.raises(WrongState, match="already lifted"):
        pause.lift(by=operator)


def test_a_pause_at_hand_holds_what_the_database_says_it_holds(operator, page, instagram):
    other = make.account(external_id="2002", client="Other")
    scopes = [{}, {"client": page.client}, {"platform": "facebook"}, {"account": instagram}]
    for pause in [Pause.objects.start(by=operator, reason="x", **scope) for scope in scopes]:
        for account in (page, instagram, other):
            assert pause.holds(account) == Pause.objects.holding(account).contains(pause)
