from datetime import timedelta

import pytest

from sophia.signin.models import SecurityEvent, SignInTry

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
REFRESH = {"HTTP_SEC_FETCH_MODE": "cors"}


@pytest.fixture(autouse=True)
def short(settings, clock):
    settings.SOPHIA_SESSION_IDLE, settings.SOPHIA_SESSION_AGE = 12 * HOUR, 30 * HOUR


def test_who_does_nothing_for_long_is_signed_out(desk, clock):
    clock.tick(13 * HOUR)
    assert desk.get("/queue/")["Location"].startswith("/login/")


def test_who_works_stays_but_not_for_ever(desk, clock):
    for _ in range(3):
        clock.tick(9 * HOUR)
        assert desk.get("/queue/").status_code == 200
    clock.tick(4 * HOUR)
    assert desk.get("/queue/").status_code == 302


def test_a_page_that_refreshes_itself_is_nobody_at_work(desk, clock):
    for _ in range(2):
        clock.tick(5 * HOUR)
        assert desk.get("/queue/", **REFRESH).status_code == 200
    clock.tick(5 * HOUR)
    assert desk.get("/queue/", **REFRESH).status_code == 302


def test_a_changed_password_signs_out_elsewhere(desk, signed_in, operator):
    elsewhere = signed_in(operator)
    new = "quite-another-one"
    typed = {"old_password": "a-good-password", "new_password1": new, "new_password2": new}
    assert desk.post("/you/password", typed).status_code == 302
    assert desk.get("/you/").status_code == 200
    assert elsewhere.get("/you/").status_code == 302
    assert SecurityEvent.objects.filter(kind="password", who="olga").exists()


def test_a_wrong_old_password_changes_nothing_and_counts(desk, operator):
    typed = {"old_password": "wrong", "new_password1": "quite-another-one", "new_password2": "quite-another-one"}
    assert [desk.post("/you/password", typed).status_code for _ in range(6)] == [422] * 5 + [429]
    operator.refresh_from_db()
    assert operator.check_password("a-good-password")


def test_signing_out_everywhere_else_keeps_this_one(desk, signed_in, operator):
    elsewhere = signed_in(operator)
    desk.post("/you/elsewhere", {"password": "wrong"})
    assert elsewhere.get("/you/").status_code == 200
    desk.post("/you/elsewhere", {"password": "a-good-password"})
    assert (desk.get("/you/").status_code, elsewhere.get("/you/").status_code) == (200, 302)


def test_the_admin_has_the_same_door(client, desk, operator):
    door, typed = "/admin/login/?next=/admin/", {"username": "olga", "password": "wrong"}
    assert 'name="password"' in client.get(door).text
    for _ in range(5):
        assert client.post(door, typed).status_code == 200
    assert client.post("/login/", typed).status_code == 429
    SignInTry.objects.all().delete()
    assert client.post(door, typed | {"password": "a-good-password"})["Location"] == "/admin/"
    assert desk.get("/admin/password_change/")["Location"] == "/you/password"
    assert desk.post("/admin/logout/").status_code == 302
    assert desk.get("/admin/").status_code == 302


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x()"])
def test_signing_in_leads_nowhere_else(operator, sign_in, elsewhere):
    assert sign_in(next=elsewhere).answer["Location"] == "/"


def test_a_code_leads_nowhere_else_either(factor, sign_in):
    from tests.signin.phone import code_of

    browser = sign_in(next="https://evil.example/")
    assert browser.post("/login/code/", {"code": code_of(factor)})["Location"] == "/"


@pytest.mark.parametrize("path", ["password", "elsewhere"])
def test_a_password_that_an_administrator_set_meanwhile_stays(desk, operator, path, monkeypatch):
    real = SignInTry.succeed

    def meanwhile(attempt):
        real(attempt)
        operator.set_password("set-by-the-administrator")
        operator.is_active = False
        operator.save()

    monkeypatch.setattr(SignInTry, "succeed", meanwhile)
    new = {"new_password1": "quite-another-one", "new_password2": "quite-another-one"}
    desk.post(f"/you/{path}", {"password": "a-good-password", "old_password": "a-good-password", **new})
    operator.refresh_from_db()
    assert operator.check_password("set-by-the-administrator")
    assert not operator.is_active
