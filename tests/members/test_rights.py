"""Every verb that a person does asks for its right by itself, in whatever state and through whatever door."""

import inspect

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.utils import timezone

from approval.batches.models import Batch
from approval.clientlinks.models import ClientLink
from approval.models import Draft
from publishing.models import Candidate, Emergency, Feed, Pause, Preparation, Publication, Recovery, Relook
from sophia import people
from sophia.notifications.models import Subscription
from sophia.refusals import NotAllowed
from tests import make

RIGHTS = {
    "BatchQuerySet.keep": people.SUBMIT,
    "Batch.begin": people.SUBMIT,
    "ClientLinkQuerySet.make": people.CLIENT_LINK,
    "ClientLink.revoke": people.CLIENT_LINK,
    "DraftQuerySet.write": people.SUBMIT,
    "Draft.submit": people.SUBMIT,
    "Draft.withdraw": people.SUBMIT,
    "Draft.edit": people.SUBMIT,
    "Draft.approve": people.APPROVE,
    "Draft.reject": people.REVIEW,
    "Draft.skip": people.REVIEW,
    "Draft.reopen": people.REVIEW,
    "EmergencyQuerySet.start": people.RECOVER,
    "Emergency.try_again": people.RECOVER,
    "FeedQuerySet.make": people.OPERATE,
    "Feed.revoke": people.OPERATE,
    "PauseQuerySet.start": people.PAUSE,
    "Pause.lift": people.PAUSE,
    "Preparation.settle": people.OPERATE,
    "Publication.ask_preflight": people.OPERATE,
    "Publication.cancel": people.OPERATE,
    "Publication.confirm_by_hand": people.OPERATE,
    "Publication.deny_by_hand": people.OPERATE,
    "Publication.leave_unidentified": people.OPERATE,
    "Publication.recognise": people.OPERATE,
    "Publication.recover": people.RECOVER,
    "Publication.release": people.OPERATE,
    "Publication.reschedule": people.OPERATE,
    "Publication.respace": people.PAUSE,
    "Publication.retry": people.OPERATE,
    "Publication.withdraw": people.REVIEW,
    "Recovery.start": people.RECOVER,
    "Recovery.dismiss": people.RECOVER,
    "Recovery.witness": people.RECOVER,
    "RelookQuerySet.waive": people.OPERATE,
    "SubscriptionQuerySet.subscribe": people.SUBSCRIBE,
    "Subscription.edit": people.SUBSCRIBE,
    "Subscription.switch_off": people.SUBSCRIBE,
    "Subscription.switch_on": people.SUBSCRIBE,
    "Subscription.test": people.SUBSCRIBE,
}
ADMINISTRATORS_ALONE = {
    "MembershipQuerySet.assign",
    "SecondFactor.remove",
    "SocialAccount.disconnect",
    "SocialAccount.move_to",
}
"""tests/members/test_assign.py, signin/test_factor.py, demo/test_leaving.py, commands/test_connect.py."""
THEIR_GIVERS = {"TokenQuerySet.make", "Token.revoke"}
"""People who may give tokens, and work for all: tests/tokens/test_giving.py."""
WHOEVER_HAS_EYES = {"Publication.identify", "Publication.keep_link", "Publication.refuse_candidate"}
"""Who may settle publications, or take posts down."""
OF_OTHER_VERBS = {
    *("CandidateQuerySet.refuse", "IdentificationQuerySet.settle", "Publication.name", "Publication.take_name"),
    *("Draft.decide", "Draft.objection", "EmergencyQuerySet.declare", "LookalikeQuerySet.dismiss"),
    *("LookalikeQuerySet.let_go", "NoticeQuerySet.read", "Pause.require_liftable", "Publication.set_going"),
    *("Publication.witness_gone", "Subscription.note", "Subscription.require_of"),
    *("SocialAccount.connect", "SocialAccount.connect_alone", "SocialAccount.follow", "SocialAccount.save_connected"),
    *("UploadQuerySet.note", "UploadQuerySet.require_room"),
}
"""What a verb of the table calls or is, one's own reading, and connecting: its doors ask, and `by` is for the log."""


def taking_by():
    """Every method of our models and of their querysets that takes `by`."""
    for model in apps.get_models():
        for owner in (model, type(model._default_manager.all())):
            for name, found in inspect.getmembers(owner, inspect.isfunction):
                ours = found.__module__.split(".")[0] in {"sophia", "publishing", "approval"}
                if ours and "by" in inspect.signature(found).parameters:
                    yield f"{owner.__name__}.{name}", found


def test_no_verb_is_missing_from_the_table():
    assert {name for name, _ in taking_by()} == {
        *RIGHTS,
        *ADMINISTRATORS_ALONE,
        *THEIR_GIVERS,
        *WHOEVER_HAS_EYES,
        *OF_OTHER_VERBS,
    }


@pytest.fixture
def things(page):
    """Of a client, in no state at all: the right is asked for first."""
    publication = Publication(account=page)
    return {
        "Batch": Batch(),
        "ClientLink": ClientLink(client=page.client),
        "Draft": Draft(account=page),
        "Emergency": Emergency(client=page.client, started_at=timezone.now()),
        "Feed": Feed(client=page.client),
        "Pause": Pause(client=page.client),
        "Preparation": Preparation(publication=publication),
        "Publication": publication,
        "Recovery": Recovery(publication=publication),
        "Relook": Relook(account=page),
        "Subscription": Subscription(name="Team"),
    }


def lacking(right):
    """Somebody who may do everything else."""
    person = make.person(f"all-but-{right}")
    rest = [permission for permission in people.MAY if permission != right]
    person.user_permissions.set(Permission.objects.filter(codename__in=[name.split(".")[1] for name in rest]))
    return person


def tried(name, verb, things, page, by):
    """The body of the verb, without the lock and the state that a saved transition asks for before it."""
    body, owner = inspect.unwrap(verb), name.split(".")[0]
    row = things.get(owner) or type(things[owner.removesuffix("QuerySet")])._default_manager.all()
    known = {"account": page, "client": page.client, "post": things["Draft"]}
    wanted = [one for one in inspect.signature(body).parameters.values() if one.default is one.empty]
    given = {one.name: known.get(one.name, "x") for one in wanted if one.kind != one.VAR_KEYWORD}
    body(**given | {"self": row, "by": by})


def test_every_verb_refuses_whoever_lacks_its_right(things, page):
    lacks = {right: lacking(right) for right in set(RIGHTS.values())}
    verbs = dict(taking_by())
    for name, right in RIGHTS.items():
        with pytest.raises(NotAllowed, match=f"may not {people.MAY[right]}"):
            tried(name, verbs[name], things, page, lacks[right])


@pytest.mark.parametrize("name", sorted(WHOEVER_HAS_EYES))
def test_who_may_neither_settle_nor_take_down_says_of_no_post_whose_it_is(things, page, name):
    rest = [right for right in people.MAY if right not in {people.OPERATE, people.RECOVER}]
    person = make.person("neither")
    person.user_permissions.set(Permission.objects.filter(codename__in=[right.split(".")[1] for right in rest]))
    with pytest.raises(NotAllowed):
        tried(name, dict(taking_by())[name], things | {"candidate": Candidate()}, page, person)
