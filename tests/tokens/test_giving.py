from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from publishing.models import Client
from sophia.notifications.models import Notice
from sophia.refusals import NotAcceptable, NotAllowed
from sophia.tokens.models import Token
from sophia.tokens.scopes import SCOPES
from tests import make

MAKE = reverse("tokens:make")


@pytest.fixture
def admin(signed_in, boss):
    return signed_in(boss)


def ask(browser, operator, **typed):
    wish = {"name": "Generator", "person": operator.pk, "scopes": ["drafts:write"], "days": 30}
    return browser.post(MAKE, wish | typed)


def test_the_secret_is_shown_once_and_kept_nowhere(admin, operator, page):
    answer = ask(admin, operator, clients=[page.client_id])
    token, secret = Token.objects.get(), answer.context["secret"]
    assert answer["Cache-Control"] == "no-store, no-transform"
    assert secret in answer.text
    assert Token.objects.behind(secret) == token
    assert secret not in str(Token.objects.values().get())
    assert secret not in admin.get(reverse("tokens:tokens")).text
    assert (token.person, token.client_ids()) == (operator, {page.client_id})


def test_everybody_is_told_of_a_new_token(admin, operator):
    ask(admin, operator)
    assert "boss made the token “Generator”" in Notice.objects.get().sentence


def test_the_list_says_when_each_was_last_used(admin, operator, token_for):
    token, _ = token_for(operator)
    assert "Never used" in admin.get(reverse("tokens:tokens")).text
    token.note_use()
    assert "Last used" in admin.get(reverse("tokens:tokens")).text


def test_a_token_is_revoked_after_a_question(admin, operator, boss, token_for):
    address = reverse("tokens:revoke", args=[token_for(operator)[0].pk])
    assert "cannot be undone" in admin.get(address).text
    assert Token.objects.get().is_open
    assert admin.post(address).status_code == 302
    assert Token.objects.get().revoked_by == boss
    again = admin.post(address)
    assert again.status_code == 409
    assert f"The token “Generator” (…{Token.objects.get().hint}) is revoked already." in again.text


def test_a_token_of_somebody_switched_off_can_still_be_revoked(admin, operator, token_for):
    address = reverse("tokens:revoke", args=[token_for(operator)[0].pk])
    make.behind_the_back(operator, is_active=False)
    listed = admin.get(reverse("tokens:tokens")).text
    assert "olga is off" in listed
    assert address in listed


@pytest.mark.parametrize("who", ["operator", "author", "viewer", "stranger"])
def test_only_administrators_see_make_and_revoke(signed_in, request, operator, token_for, who):
    person, token = request.getfixturevalue(who), token_for(operator)[0]
    browser = signed_in(person)
    assert ask(browser, operator).status_code == 403
    assert browser.get(reverse("tokens:tokens")).status_code == 403
    assert browser.post(reverse("tokens:revoke", args=[token.pk])).status_code == 403
    with pytest.raises(NotAllowed, match="may not make or revoke API tokens"):
        token.revoke(by=person)


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"scopes": []}, {"scopes": ["approve"]}, {"days": 9999}, {"person": 0}]
)
def test_a_form_that_is_wrong_makes_nothing(admin, operator, wrong):
    assert ask(admin, operator, **wrong).status_code == 422
    assert not Token.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "a name"),
        ({"scopes": []}, "at least one scope"),
        ({"scopes": ["drafts:approve"]}, "There is no scope drafts:approve"),
        ({"expires_at": timezone.now() - timedelta(days=1)}, "a time to come"),
        ({"expires_at": timezone.now() + timedelta(days=400)}, "within a year"),
        ({"name": "x" * 101}, "up to 100 characters"),
    ],
)
def test_the_verb_refuses_it_too(boss, operator, wrong, said):
    wish = {"name": "x", "scopes": ["drafts:read"], "expires_at": timezone.now() + timedelta(days=1)}
    with pytest.raises(NotAcceptable, match=said):
        Token.objects.make(by=boss, person=operator, **wish | wrong)


def test_nobody_who_is_off_gets_a_token(boss, operator):
    operator.is_active = False
    with pytest.raises(NotAcceptable, match="switched off"):
        Token.objects.make(
            by=boss, person=operator, name="x", scopes=["drafts:read"], expires_at=timezone.now() + timedelta(days=1)
        )


def test_who_works_for_some_clients_makes_and_revokes_none(boss, operator, page, token_for):
    right = Permission.objects.get(codename="add_token", content_type__app_label="tokens")
    operator.user_permissions.add(right)
    member = make.member(operator, page.client)
    wish = {"name": "x", "scopes": ["drafts:read"], "expires_at": timezone.now() + timedelta(days=1)}
    with pytest.raises(NotAllowed, match="works for some"):
        Token.objects.make(by=member, person=boss, **wish)
    with pytest.raises(NotAllowed, match="works for some"):
        token_for(boss)[0].revoke(by=member)


def test_every_scope_can_be_chosen(admin):
    text = admin.get(MAKE).text
    assert all(scope.label in text for scope in SCOPES)


def test_the_command_makes_lists_and_revokes(command, boss, operator, page):
    scopes = ["--scope", "drafts:write", "--scope", "notices:read"]
    made = command("token", "--json", "make", "CMS", "--by", "boss", "--for", "olga", *scopes, "--client", "Café Lua")
    secret = made.json["secret"]
    assert Token.objects.behind(secret).scopes == ["drafts:write", "notices:read"]
    listed = command("token", "list")
    assert command("token", "list", "--json").json == command("token", "--json", "list").json
    assert "CMS" in listed.out
    assert secret not in listed.out
    assert command("token", "revoke", made.json["id"], "--by", "boss").code == 0
    assert command("token", "revoke", made.json["id"], "--by", "boss").code == 1
    assert "revoked" in command("token", "list").out


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["revoke", "7", "--by", "boss"], "There is no token 7"),
        (["make", "x", "--by", "olga", "--for", "olga", "--scope", "drafts:read"], "Ask an administrator to do it."),
        (["make", "x", "--by", "boss", "--for", "olga", "--scope", "drafts:read", "--client", "No"], "no client “No”"),
        (["make", "x", "--by", "boss", "--for", "nobody", "--scope", "drafts:read"], "There is no user"),
    ],
)
def test_the_command_says_what_is_wrong(command, boss, operator, wrong, said):
    answer = command("token", *wrong)
    assert answer.code == 1
    assert said in answer.error
    assert not Client.objects.filter(name="No").exists()


def test_a_token_limited_to_clients_loses_one_that_its_person_has_lost(page, author):
    other = make.account(external_id="1002", client="Bakery").client
    token, _ = make.token(author, clients=[page.client, other])
    assert token.client_ids() == {page.client.pk, other.pk}
    make.member(author, other)
    assert Token.objects.get(pk=token.pk).client_ids() == {other.pk}


def test_and_keeps_none_when_its_person_works_for_none(page, author):
    token, _ = make.token(author, clients=[page.client])
    make.member(author)
    assert Token.objects.get(pk=token.pk).client_ids() == set()
