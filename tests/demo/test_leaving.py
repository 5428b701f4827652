# ruff: noqa: F401, F811
"""From a demo to a real desk."""

import re

import pytest
from django.contrib.auth.models import User
from django.core.checks import run_checks
from django.core.management import CommandError, call_command

from approval.models import Decision, Draft
from publishing.models import Attempt, Client, Publication, SocialAccount
from publishing.models.states import State
from sophia.demo import traces
from sophia.demo.traces import PASSWORD, PEOPLE
from sophia.management.commands.serve import check_fitness
from sophia.refusals import NotAllowed
from sophia.signin.models import SecurityEvent
from tests import make
from tests.commands.conftest import command
from tests.demo.test_demo import seeded_once
from tests.shared import laid_out, once

KEPT = [Attempt, Client, Decision, Draft, Publication, SocialAccount, User]


@pytest.fixture(autouse=True)
def seeded(seeded_once, settings):
    settings.DEBUG, settings.SOPHIA_PUBLIC_URL = False, "https://desk.example.com"


@pytest.fixture
def boss(db):
    return make.person("boss", is_staff=True, is_superuser=True)


def errors():
    return [error.id for error in run_checks(include_deployment_checks=True) if error.id.startswith("sophia")]


def test_a_public_desk_does_not_start_with_a_demo_in_it():
    everybody = (
        "olga, anna, vera and admin can sign in with the password of the demo, and 8 accounts are on the sandbox"
    )
    with pytest.raises(CommandError, match=f"{everybody}.*createsuperuser.*leave_demo --by YOU"):
        check_fitness()
    assert errors() == ["sophia.E001"]


def test_while_developing_a_demo_may_be_there(settings):
    settings.DEBUG = True
    check_fitness()
    assert errors() == []


@pytest.mark.parametrize("kept", ["people", "accounts"])
def test_either_alone_is_enough(kept):
    if kept == "people":
        for account in SocialAccount.objects.all():
            make.behind_the_back(account, token="EAAreal")
    else:
        User.objects.filter(username__in=PEOPLE).update(is_active=False)
    with pytest.raises(CommandError, match="This desk still holds a demo"):
        check_fitness()


def test_a_person_of_the_demo_who_was_renamed_is_found():
    User.objects.filter(username="admin").update(username="boss")
    assert "boss" in {person.username for person in traces.people()}


def test_a_person_of_the_demo_with_a_password_of_their_own_is_none_any_more():
    admin = User.objects.get(username="admin")
    admin.set_password("another-password")
    admin.save()
    assert "admin" not in {person.username for person in traces.people()}


def test_after_leaving_the_demo_the_desk_starts(command, boss, client):
    assert client.login(username="admin", password=PASSWORD)
    told = command("leave_demo", "--by", "boss", "--yes", "--json")
    assert (told.code, sorted(told.json["people"]), len(told.json["accounts"])) == (0, sorted(PEOPLE), 8)
    check_fitness()
    assert errors() == []
    assert client.get("/health/").status_code == 302
    assert not client.login(username="admin", password=PASSWORD)


def test_nothing_of_the_demo_waits_for_anybody_and_nothing_is_deleted(command, boss):
    before = {model: model.objects.count() for model in KEPT if model is not Decision}
    command("leave_demo", "--by", "boss", "--yes")
    assert {model: model.objects.count() for model in before} == before
    assert not Draft.objects.in_review().exists()
    assert not Publication.objects.exclude(state=State.CANCELLED).exists()
    assert not any(account.token for account in SocialAccount.objects.all())
    assert all(publication.damage(bytes_too=True) == "" for publication in Publication.objects.all())


def test_the_security_log_says_who_left_the_demo(command, boss):
    command("leave_demo", "--by", "boss", "--yes")
    told = SecurityEvent.objects.filter(who="boss")
    assert set(told.filter(kind="person").values_list("about", flat=True)) == set(PEOPLE)
    assert told.filter(kind="credentials").count() == 8


def test_an_account_that_is_real_by_now_stays_as_it_is(command, boss):
    real = SocialAccount.objects.first()
    real.connect(token="a-real-token")  # The account beside it had the same token, and gets this one too.
    waiting = Draft.objects.in_review().filter(account__client=real.client).count()
    command("leave_demo", "--by", "boss", "--yes")
    real.refresh_from_db()
    assert (real.token, real.is_healthy) == ("a-real-token", True)
    assert Draft.objects.in_review().count() == waiting > 0


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--by", "boss"], "Nobody can be asked here: add --yes"),
        (["--by", "admin", "--yes"], "would be locked out.*createsuperuser"),
        (["--by", "clara", "--yes"], "clara may not end the demo"),
    ],
)
def test_it_refuses(command, boss, words, why):
    make.person("clara", "operator")
    told = command("leave_demo", *words)
    assert told.code == 1
    assert re.search(why, told.error)
    assert len(traces.people()) == 4


def test_nobody_but_an_administrator_takes_a_token_away():
    account = SocialAccount.objects.first()
    with pytest.raises(NotAllowed, match="clara may not take an account's token away"):
        account.disconnect(by=make.person("clara", "operator"), because="x")
    account.refresh_from_db()
    assert (account.token != "", account.is_healthy) == (True, True)


def test_what_only_the_sandbox_can_settle_comes_first(command, boss):
    publication = Publication.objects.order_by("publish_at").first()
    assert publication.claim()
    told = command("leave_demo", "--by", "boss", "--yes")
    assert told.code == 1
    assert "Start the demo once more" in told.error
    assert len(traces.accounts()) == 8


def test_where_there_is_no_demo_there_is_nothing_to_leave(command, boss):
    command("leave_demo", "--by", "boss", "--yes")
    assert command("leave_demo", "--by", "boss").out == "There is nothing of a demo here.\n"
