import re
from datetime import timedelta

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.test import Client
from django.utils import timezone

from publishing.models import Emergency, Recovery
from sophia.notifications.models import Subscription
from sophia.signin.models import SecondFactor, SecurityEvent
from tests import make
from tests.signin.phone import code_of

pytestmark = pytest.mark.django_db
CARRIED = re.compile(r'name="sophia-carried" value="([^"]+)"')
NEW = "/notices/subscriptions/new"
TYPED = {"name": "Team", "url": "jsons://hooks.example/top-secret", "preset": "chosen", "timezone": "UTC"}
TYPED["kinds"] = ["publication.failed", "account.connected"]


@pytest.fixture(autouse=True)
def short(settings, clock):
    settings.SOPHIA_CONFIRM_AFTER = timedelta(minutes=10)
    settings.SOPHIA_NOTICE_HOSTS = ["hooks.example"]


@pytest.fixture
def stale(desk, clock):
    """The operator's browser, a quarter of an hour after signing in."""
    clock.tick(timedelta(minutes=11))
    return desk


def carried(answer):
    return CARRIED.search(answer.content.decode())[1]


def test_who_has_just_signed_in_is_not_asked(desk):
    assert desk.post(NEW, TYPED).status_code == 302


def test_what_was_typed_is_carried_out_after_the_password(stale):
    asked = stale.post(NEW, TYPED)
    assert (asked.status_code, Subscription.objects.count()) == (403, 0)
    done = stale.post(NEW, {"sophia-carried": carried(asked), "password": "a-good-password"})
    assert done.status_code == 302
    made = Subscription.objects.get()
    assert (made.url, made.kinds) == (TYPED["url"], TYPED["kinds"])
    assert SecurityEvent.objects.filter(kind="confirmed", who="olga", about=NEW).exists()


def test_what_was_typed_is_neither_on_the_page_nor_in_the_session(stale):
    asked = stale.post(NEW, TYPED)
    assert "top-secret" not in asked.content.decode()
    assert "top-secret" not in str(dict(stale.session.items()))
    assert asked["Cache-Control"] == "no-store"


def test_a_wrong_password_asks_again_and_keeps_what_was_typed(stale):
    first = stale.post(NEW, TYPED)
    again = stale.post(NEW, {"sophia-carried": carried(first), "password": "wrong"})
    assert "This is not your password" in again.content.decode()
    assert stale.post(NEW, {"sophia-carried": carried(again), "password": "a-good-password"}).status_code == 302
    assert Subscription.objects.exists()


def test_guessing_the_password_here_is_throttled_too(stale):
    hidden = {"sophia-carried": carried(stale.post(NEW, TYPED))}
    answers = [stale.post(NEW, hidden | {"password": "wrong"}).status_code for _ in range(6)]
    assert answers == [403] * 5 + [429]


def test_a_code_will_do(stale, factor):
    hidden = {"sophia-carried": carried(stale.post(NEW, TYPED))}
    assert stale.post(NEW, hidden | {"code": code_of(factor)}).status_code == 302


def test_a_question_is_for_one_person_and_one_page_and_not_for_ever(stale, signed_in, second_operator, clock):
    hidden = {"sophia-carried": carried(stale.post(NEW, TYPED)), "password": "a-good-password"}
    for browser, path in ((signed_in(second_operator), NEW), (stale, "/takedown/start")):
        assert "no longer open" in browser.post(path, hidden).content.decode()
    clock.tick(timedelta(minutes=16))
    assert "no longer open" in stale.post(NEW, hidden).content.decode()
    assert not Subscription.objects.exists()


def test_an_emergency_asks_who_it_is_and_then_begins(stale, page, author, operator):
    make.published(make.draft(page, author), operator)
    typed = {"client": page.client_id, "since": (timezone.now() - timedelta(hours=1)).isoformat()}
    typed |= {"key": "3f1a9f6e-3ac1-4f0b-8d0a-3f3ad9f5b6a1", "name": "Café Lua", "reason": "Wrong", "pause": "on"}
    address = "/takedown/start"
    asked = stale.post(address, typed)
    assert not Emergency.objects.exists()
    stale.post(address, {"sophia-carried": carried(asked), "password": "a-good-password"})
    assert Emergency.objects.get().reason == "Wrong"


def test_taking_down_several_in_the_admin_asks_who_it_is_and_one_does_not(stale, page, author, operator):
    posts = [make.published(make.draft(page, author, text=str(number)), operator) for number in range(3)]
    address = "/admin/publishing/publication/"
    typed = {"action": "recover", "confirmed": "yes", "reason": "Wrong", "urgency": "review"}
    assert stale.post(address, typed | {ACTION_CHECKBOX_NAME: [posts[0].pk]}).status_code == 302
    asked = stale.post(address, typed | {ACTION_CHECKBOX_NAME: [post.pk for post in posts[1:]]})
    assert Recovery.objects.count() == 1
    stale.post(address, {"sophia-carried": carried(asked), "password": "a-good-password"})
    assert Recovery.objects.count() == 3


def test_a_token_typed_in_the_admin_is_not_lost(stale, page):
    address = f"/admin/publishing/socialaccount/{page.pk}/change/"
    asked = stale.post(address, {"client": page.client.pk, "name": "The bakery", "new_token": "better-token"})
    page.refresh_from_db()
    assert (page.token, "better-token" in asked.content.decode()) == ("token-of-1001", False)
    stale.post(address, {"sophia-carried": carried(asked), "password": "a-good-password"})
    page.refresh_from_db()
    assert page.token == "better-token"


def test_the_secret_of_a_second_factor_is_shown_only_then(stale):
    asked = stale.get("/you/second-factor")
    assert '<svg class="qr"' not in asked.content.decode()
    hidden = {"sophia-carried": carried(asked), "password": "a-good-password"}
    assert stale.post("/you/second-factor", hidden)["Location"] == "/you/second-factor"
    assert '<svg class="qr"' in stale.get("/you/second-factor").content.decode()


def test_an_administrator_is_asked_before_a_second_factor_goes(signed_in, boss, factor, clock):
    browser, address = signed_in(boss), "/admin/signin/secondfactor/"
    clock.tick(timedelta(minutes=11))
    asked = browser.post(address, {"action": "remove", "confirmed": "yes", ACTION_CHECKBOX_NAME: [factor.pk]})
    assert SecondFactor.objects.of(factor.person)
    browser.post(address, {"sophia-carried": carried(asked), "password": "a-good-password"})
    assert not SecondFactor.objects.of(factor.person)


def test_a_visitor_is_sent_to_sign_in_and_not_asked(client):
    assert client.post(NEW, TYPED)["Location"].startswith("/login/")


def test_the_answer_passes_the_check_against_forged_forms(operator, page, clock):
    browser, address = Client(enforce_csrf_checks=True), f"/admin/publishing/socialaccount/{page.pk}/change/"
    browser.force_login(operator)
    clock.tick(timedelta(minutes=11))
    typed = {"client": page.client.pk, "name": "The bakery", "new_token": "better-token"}
    asked = browser.post(address, typed | {"csrfmiddlewaretoken": token_of(browser.get(address))})
    answered = {"sophia-carried": carried(asked), "password": "a-good-password"}
    assert browser.post(address, answered).status_code == 403
    assert browser.post(address, answered | {"csrfmiddlewaretoken": token_of(asked)}).status_code == 302
    page.refresh_from_db()
    assert page.token == "better-token"


def token_of(answer):
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.content.decode())[1]


def test_who_has_no_role_still_looks_after_their_own_sign_in(signed_in, stranger):
    browser = signed_in(stranger)
    assert [browser.get(path).status_code for path in ("/you/", "/you/password", "/you/second-factor")] == [200] * 3
