# ruff: noqa: F401, F811
import pytest
from django.core.management import call_command
from django.db.models import Count

from approval.models import Decision, Draft
from publishing.models import Client, Image, Publication, SocialAccount
from publishing.platforms.facebook import Facebook
from publishing.platforms.instagram import Instagram
from publishing.sandbox.models.accounts import Account
from sophia.demo.content import BUSINESSES
from sophia.notifications.models import Notice
from tests import make
from tests.shared import laid_out, once

COUNTED = [Account, Client, Decision, Draft, Image, Notice, Publication, SocialAccount]


@pytest.fixture(scope="module", autouse=True)
def seeded_once(once, small):
    with once.making(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("sophia.demo.seed.jpeg", small)
        call_command("demo", verbosity=0)


@pytest.fixture(autouse=True)
def seeded(seeded_once, drawn_once):
    """So that each of them may seed again."""


def counts():
    return {model.__name__: model.objects.count() for model in COUNTED}


def test_the_demo_shows_drafts_in_every_state():
    states = dict(Draft.objects.order_by().values_list("state").annotate(Count("pk")))
    assert states == {"in_review": 15, "draft": 2, "rejected": 2, "skipped": 1, "approved": 6}
    assert Client.objects.count() == 4
    assert SocialAccount.objects.count() == 8


def test_seeding_twice_is_seeding_once():
    before = counts()
    call_command("demo", verbosity=0)
    assert counts() == before


def test_what_a_person_changed_stays():
    draft = Draft.objects.in_review().filter(pictures=None).first()
    olga = draft.decisions.model.objects.filter(verb="approved").first().by
    draft.edit(by=olga, text="Ours now.", link="", pictures=[], digest=draft.digest())
    draft.reject(by=olga)
    make.behind_the_back(draft.account, name="Renamed")
    make.behind_the_back(draft.account.client, name="Renamed too")
    call_command("demo", verbosity=0)
    draft = Draft.objects.get(pk=draft.pk)
    assert (draft.text, draft.state) == ("Ours now.", Draft.State.REJECTED)
    assert draft.account.name == "Renamed"
    assert Client.objects.count() == 4


def test_an_interrupted_seeding_is_finished_by_the_next():
    before = counts()
    last = Draft.objects.filter(ref="demo-joke")
    Decision.objects.filter(draft__in=last).delete()
    last.delete()
    call_command("demo", verbosity=0)
    assert counts() | {"Notice": 0} == before | {"Notice": 0}


def test_every_draft_is_acceptable_on_its_real_platform(settings):
    settings.SOPHIA_PLATFORMS = {
        platform.name: f"{platform.__module__}.{platform.__qualname__}" for platform in (Facebook, Instagram)
    }
    for draft in Draft.objects.all():
        assert draft.problems() == []


def test_every_image_has_an_alt_text():
    assert all(picture.alt for draft in Draft.objects.all() for picture in draft.pictures.all())


def test_the_sandbox_knows_every_account_by_its_token():
    for account in SocialAccount.objects.all():
        opened = Account.objects.get(platform=account.platform, external_id=account.external_id)
        assert opened.tokens.get().value == account.token


def test_one_business_may_not_delete_on_instagram():
    limited = [
        account.name
        for account in Account.objects.all()
        if account.platform == "instagram" and "instagram_manage_contents" not in account.tokens.get().scopes
    ]
    assert limited == [business.name for business in BUSINESSES if not business.deletes_by_api]


def test_times_are_suggested_in_the_hours_of_the_client():
    for draft in Draft.objects.exclude(suggested_at=None).select_related("account__client"):
        assert 7 <= draft.account.local(draft.suggested_at).hour <= 21
