import re
from datetime import timedelta

import pytest

from sophia.refusals import NotAllowed
from sophia.signin.models import SecondFactor, SecurityEvent
from tests import make
from tests.signin.phone import code_of

pytestmark = pytest.mark.django_db
CODE = "/login/code/"


def test_setting_it_up_shows_a_picture_and_the_secret_and_then_the_codes_once(desk, operator):
    shown = desk.get("/you/second-factor").content.decode()
    factor = SecondFactor.objects.get()
    assert '<svg class="qr"' in shown
    assert re.search(r'class="secret">([^<]+)<', shown)[1].replace(" ", "") == factor.secret
    answer = desk.post("/you/second-factor", {"code": code_of(factor)})
    assert len(re.findall(r"<li>[a-z2-7-]{19}</li>", answer.content.decode())) == 10
    assert SecondFactor.objects.of(operator)


def test_a_wrong_code_does_not_turn_it_on(desk, operator):
    desk.get("/you/second-factor")
    answer = desk.post("/you/second-factor", {"code": "000000"})
    assert (answer.status_code, "does not fit" in answer.content.decode()) == (422, True)
    assert SecondFactor.objects.of(operator) is None


def test_opening_the_page_again_makes_another_secret(desk):
    desk.get("/you/second-factor")
    first = SecondFactor.objects.get().secret
    desk.get("/you/second-factor")
    assert SecondFactor.objects.get().secret != first


def test_the_secret_is_encrypted_in_the_database(factor, django_db_blocker):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM signin_secondfactor")
        assert cursor.fetchone()[0].startswith("gAAAA")


def test_the_code_is_asked_for_on_a_second_page(factor, sign_in):
    browser = sign_in(next="/queue/")
    assert browser.answer["Location"] == CODE
    assert browser.get("/queue/").status_code == 302
    assert "Your code" in browser.get(CODE).content.decode()
    assert browser.post(CODE, {"code": code_of(factor)})["Location"] == "/queue/"
    assert browser.get("/queue/").status_code == 200


def test_a_code_is_taken_once(factor, sign_in):
    code = code_of(factor)
    assert sign_in().post(CODE, {"code": code}).status_code == 302
    answer = sign_in().post(CODE, {"code": code})
    assert (answer.status_code, "was used already" in answer.content.decode()) == (403, True)


def test_a_phone_may_be_half_a_minute_off_and_no_more(factor, sign_in, clock):
    assert sign_in().post(CODE, {"code": code_of(factor, ahead=-90)}).status_code == 403
    assert sign_in().post(CODE, {"code": code_of(factor, ahead=90)}).status_code == 403
    assert sign_in().post(CODE, {"code": code_of(factor, ahead=30)}).status_code == 302


def test_a_recovery_code_opens_once(factor, sign_in):
    code = factor.recovery[0].upper().replace("-", " ")
    assert sign_in().post(CODE, {"code": code}).status_code == 302
    assert sign_in().post(CODE, {"code": code}).status_code == 403
    assert SecurityEvent.objects.filter(said="One was used. 9 are left.").exists()


def test_guessing_codes_is_stopped_from_wherever(factor, sign_in):
    for number in range(20):
        browser = sign_in(address=f"203.0.113.{number}")
        assert browser.post(CODE, {"code": "000000"}).status_code == 403
    browser = sign_in(address="198.51.100.1")
    assert browser.post(CODE, {"code": code_of(factor)}).status_code == 429


def test_without_the_password_first_there_is_no_code_to_give(factor, client):
    assert client.post(CODE, {"code": code_of(factor)})["Location"] == "/login/"


def test_the_code_is_awaited_for_ten_minutes(factor, sign_in, clock):
    browser = sign_in()
    clock.tick(timedelta(minutes=11))
    assert browser.post(CODE, {"code": code_of(factor)})["Location"] == "/login/"


def test_a_password_changed_meanwhile_ends_the_waiting(factor, sign_in, operator):
    browser = sign_in()
    operator.set_password("another-good-one")
    operator.save()
    assert browser.post(CODE, {"code": code_of(factor)})["Location"] == "/login/"


def test_new_recovery_codes_replace_the_old(factor, desk):
    answer = desk.post("/you/second-factor/codes")
    assert "Your recovery codes" in answer.content.decode()
    assert not factor.accepts(factor.recovery[0])


def test_one_removes_ones_own_and_nobody_elses(factor, desk, second_operator, operator):
    with pytest.raises(NotAllowed, match="Only an administrator"):
        factor.remove(by=second_operator)
    desk.post("/you/second-factor/remove")
    assert SecondFactor.objects.of(operator) is None
    assert SecurityEvent.objects.filter(kind="factor_removed", who="olga", about="olga").exists()


def test_an_approver_who_must_have_one_is_led_to_it(operator, sign_in, settings):
    settings.SOPHIA_REQUIRE_SECOND_FACTOR = "approvers"
    browser = sign_in(next="/queue/")
    assert browser.answer["Location"] == "/you/second-factor"
    assert "Approving needs a second factor" in browser.get("/queue/").content.decode()


def test_an_author_is_not_asked_for_what_approvers_need(author, sign_in, settings):
    settings.SOPHIA_REQUIRE_SECOND_FACTOR = "approvers"
    assert sign_in("anna").answer["Location"] == "/"


def test_who_lacks_one_cannot_approve_through_any_page(desk, draft, operator, settings):
    settings.SOPHIA_REQUIRE_SECOND_FACTOR = "approvers"
    typed = {"digest": draft.digest(), "when": "now"}
    assert desk.post(f"/review/{draft.pk}/approve", typed).status_code == 403
    for via in ("web", "admin", "api", "client"):
        with pytest.raises(NotAllowed, match="needs a second factor"):
            draft.approve(by=operator, digest=draft.digest(), via=via)
    draft.approve(by=operator, digest=draft.digest(), via="cli")


def test_who_has_one_approves(draft, factor, operator, settings):
    settings.SOPHIA_REQUIRE_SECOND_FACTOR = "approvers"
    make.approved(draft, operator)


def test_where_everybody_needs_one_no_other_page_opens(desk, settings):
    settings.SOPHIA_REQUIRE_SECOND_FACTOR = "everybody"
    assert desk.get("/queue/")["Location"] == desk.get("/admin/")["Location"] == "/you/second-factor"
    assert desk.get("/you/second-factor").status_code == 200
    assert desk.post("/logout/").status_code == 302
