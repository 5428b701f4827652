"""A verb refuses whoever does not work for the client, whatever door they came through."""

from datetime import timedelta

import pytest
from django.utils import timezone

from approval.clientlinks.models import ClientLink
from approval.models import Draft
from approval.replacing import replacement
from publishing import handing_over
from publishing.models import Emergency, Feed, Pause
from sophia import people
from sophia.notifications.models import Subscription
from sophia.refusals import NotAcceptable, NotAllowed
from tests import make

FOREIGN = "mia does not work for this client"
TOMORROW = timedelta(days=1)


@pytest.fixture
def out(page, author, operator):
    return make.published(make.draft(page, author, text="Out."), operator)


@pytest.fixture
def by_hand(page, author, operator):
    found = make.approved(make.draft(page, author, text="Hand."), operator, mode="manual")
    found.publish()
    return found


VERBS = {
    "write": lambda s, by: Draft.objects.write(by=by, account=s.page, text="x"),
    "edit": lambda s, by: s.draft.edit(by=by, text="x", link="", pictures=(), digest=s.draft.digest()),
    "approve": lambda s, by: s.draft.approve(by=by, digest=s.draft.digest()),
    "reject": lambda s, by: s.draft.reject(by=by),
    "skip": lambda s, by: s.draft.skip(by=by),
    "reopen": lambda s, by: s.planned.draft.reopen(by=by),
    "submit": lambda s, by: s.unsubmitted.submit(by=by),
    "cancel": lambda s, by: s.planned.cancel(by=by),
    "reschedule": lambda s, by: s.planned.reschedule(by=by, at=timezone.now() + TOMORROW),
    "check": lambda s, by: s.planned.ask_preflight(by=by),
    "posted": lambda s, by: handing_over.posted(s.by_hand, by=by, link="https://facebook.com/1"),
    "recover": lambda s, by: s.out.recover(by=by, reason="x"),
    "replace": lambda s, by: replacement(s.asked, by=by),
    "start": lambda s, by: s.asked.start(by=by),
    "settle": lambda s, by: s.out.preparations.get().settle(by=by),
    "dismiss": lambda s, by: s.asked.dismiss(by=by, note="x"),
    "emergency": lambda s, by: Emergency.objects.start(by=by, client=s.page.client, since=s.since, reason="x"),
    "pause the client": lambda s, by: Pause.objects.start(by=by, client=s.page.client, reason="x"),
    "pause the account": lambda s, by: Pause.objects.start(by=by, account=s.page, reason="x"),
    "lift": lambda s, by: s.pause.lift(by=by),
    "feed": lambda s, by: Feed.objects.make(s.page.client, by=by),
    "revoke": lambda s, by: s.link.revoke(by=by),
    "link": lambda s, by: ClientLink.objects.make(
        by=by, client=s.page.client, person="x", expires_at=timezone.now() + TOMORROW
    ),
    "subscribe": lambda s, by: Subscription.objects.subscribe(
        by=by, name="x", url="json://hooks.example/", clients=[s.page.client]
    ),
}


@pytest.fixture
def scene(page, draft, out, by_hand, author, operator, settings):
    class Scene:
        pass

    settings.SOPHIA_NOTICE_HOSTS = ["hooks.example"]
    Scene.page, Scene.draft, Scene.out, Scene.by_hand = page, draft, out, by_hand
    Scene.planned = make.approved(make.draft(page, author, text="Soon."), operator, at=timezone.now() + TOMORROW)
    Scene.unsubmitted = make.draft(page, author, text="Not yet.", submit=False)
    asked = make.published(make.draft(page, author, text="Asked."), operator)
    Scene.asked = asked.recover(by=operator, reason="x", urgency="review")
    Scene.since = timezone.now() - TOMORROW
    Scene.pause = Pause.objects.start(by=operator, client=page.client, reason="x")
    Scene.link, _ = make.client_link(page.client, operator)
    return Scene


def refused(verb, *args):
    with pytest.raises(NotAllowed, match=FOREIGN):
        verb(*args)
    return True


def test_every_verb_refuses_a_member_of_another_client(scene, member):
    assert all(refused(verb, scene, member) for verb in VERBS.values())


def test_and_lets_a_member_of_this_client(scene, page):
    own = make.member(make.person("ida", "operator"), page.client)
    scene.draft.approve(by=own, digest=scene.draft.digest())
    scene.planned.cancel(by=own)
    scene.pause.lift(by=own)


@pytest.mark.parametrize("scope", [{}, {"platform": "facebook"}])
def test_what_concerns_every_client_is_for_people_who_work_for_all(member, operator, scope):
    with pytest.raises(NotAllowed, match="concerns every client"):
        Pause.objects.start(by=member, reason="x", **scope)
    pause = Pause.objects.start(by=operator, reason="x", **scope)
    with pytest.raises(NotAllowed, match="concerns every client"):
        pause.lift(by=member)


def test_a_link_approves_only_while_its_giver_works_for_the_client(draft, page, bakery, second_operator):
    link, _ = make.client_link(page.client, second_operator, approving=True)
    make.member(second_operator, bakery.client)
    link = ClientLink.objects.get(pk=link.pk)
    assert not link.may_approve
    with pytest.raises(NotAllowed, match="may not do so any more"):
        link.approve(draft, digest=draft.digest())


def test_a_channel_of_a_team_never_tells_a_member_of_everything(member, settings):
    settings.SOPHIA_NOTICE_HOSTS = ["hooks.example"]
    with pytest.raises(NotAcceptable, match="at least one client"):
        Subscription.objects.subscribe(by=member, name="x", url="json://hooks.example/")
    Subscription.objects.subscribe(by=member, name="x", url="json://hooks.example/", person=member)


def test_without_a_role_membership_gives_nothing(page, db):
    person = make.member(make.person("nils"), page.client)
    assert not people.may(person, people.APPROVE, of=page.client_id)
