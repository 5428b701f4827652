from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from sophia.signin.models import Hurried, SecurityEvent, SignInTry
from sophia.signin.models.tries import What
from sophia.signin.whereabouts import neighbourhood

pytestmark = pytest.mark.django_db
WRONG = "not-it"


def wrong(sign_in, times, **details):
    return [sign_in(password=WRONG, **details).answer.status_code for _ in range(times)]


def test_the_sixth_try_has_to_wait_and_is_told_how_long(operator, sign_in, clock):
    assert wrong(sign_in, 5) == [200] * 5
    answer = sign_in().answer
    assert (answer.status_code, answer["Retry-After"]) == (429, "901")
    assert "Wait 15 minutes, then try again." in answer.content.decode()


def test_after_the_wait_the_right_password_opens(operator, sign_in, clock):
    wrong(sign_in, 6)
    clock.tick(timedelta(minutes=15, seconds=1))
    assert sign_in().answer.status_code == 302


def test_waiting_is_not_made_longer_by_trying(operator, sign_in, clock):
    wrong(sign_in, 5)
    for _ in range(3):
        clock.tick(timedelta(minutes=4))
        assert sign_in().answer.status_code == 429
    clock.tick(timedelta(minutes=4))
    assert sign_in().answer.status_code == 302


def test_nothing_tells_a_name_that_exists_from_one_that_does_not(operator, sign_in, clock):
    for _ in range(7):
        known, unknown = sign_in("olga", WRONG).answer, sign_in("nobody", WRONG).answer
        shown = [answer.content.decode().replace("nobody", "olga") for answer in (known, unknown)]
        assert known.status_code == unknown.status_code
        assert without_token(shown[0]) == without_token(shown[1])


def without_token(page):
    return [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]


def test_an_attacker_elsewhere_shuts_nobody_out(operator, sign_in):
    wrong(sign_in, 8, address="198.51.100.1")
    assert sign_in(address="203.0.113.7").answer.status_code == 302


def test_many_made_up_names_shut_out_nobody_who_is_at_the_same_address(operator, sign_in):
    for number in range(60):
        SignInTry.objects.begin(What.PASSWORD, f"name-{number}", "203.0.113.7")
    assert sign_in().answer.status_code == 302


def test_where_many_names_were_tried_each_name_has_one_try(operator, sign_in):
    for number in range(50):
        SignInTry.objects.begin(What.PASSWORD, f"name-{number}", "203.0.113.7")
    assert (wrong(sign_in, 2), wrong(sign_in, 2, name="nobody")) == ([200, 429], [200, 429])
    assert wrong(sign_in, 2, address="198.51.100.1") == [200, 200]


def test_a_flood_from_one_address_is_stopped_for_some_minutes(operator, sign_in, clock):
    rows = [SignInTry(what=What.PASSWORD, who=str(number), address="203.0.113.7") for number in range(300)]
    SignInTry.objects.bulk_create(rows)
    assert sign_in().answer.status_code == 429
    clock.tick(timedelta(minutes=5, seconds=1))
    assert sign_in().answer.status_code == 302


def test_another_way_to_write_the_name_is_the_same_name(operator, sign_in, clock):
    wrong(sign_in, 3)
    wrong(sign_in, 2, name="\uff4f\uff4cga ")
    assert sign_in(name="ol\uff47a").answer.status_code == 429
    assert set(SecurityEvent.objects.values_list("about", flat=True)) == {"olga"}


def test_a_name_that_no_database_can_hold_is_nobodys(db, sign_in):
    assert sign_in("ol\0ga").answer.status_code == 200
    assert SecurityEvent.objects.get().about == "a name that nobody has"


def test_getting_in_starts_afresh(operator, sign_in):
    wrong(sign_in, 4)
    assert sign_in().answer.status_code == 302
    assert wrong(sign_in, 5) == [200] * 5


def test_neighbours_of_one_ipv6_customer_count_as_one():
    assert neighbourhood("2001:db8::1") == neighbourhood("2001:db8::ffff:1") == "2001:db8::/64"
    assert neighbourhood("203.0.113.7") == "203.0.113.7"


def test_behind_a_proxy_only_what_it_wrote_last_counts(operator, sign_in, settings):
    settings.SOPHIA_BEHIND_PROXY = True
    for number in range(6):
        browser = sign_in(password=WRONG)
        browser.post(
            "/login/", {"username": "olga", "password": WRONG}, HTTP_X_FORWARDED_FOR=f"{number}.1.1.1, 9.9.9.9"
        )
    assert SignInTry.objects.filter(address="9.9.9.9").count() == 5


def test_without_a_proxy_nobody_chooses_their_address(operator, client):
    client.post("/login/", {"username": "olga", "password": WRONG}, HTTP_X_FORWARDED_FOR="9.9.9.9")
    assert SignInTry.objects.get().address == "127.0.0.1"


def test_a_row_of_refusals_is_one_line_in_the_log(operator, sign_in):
    wrong(sign_in, 9)
    kinds = list(SecurityEvent.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["sign_in_failed"] * 5 + ["throttled"]


def test_a_password_in_the_place_of_a_name_is_kept_nowhere(sign_in, db):
    sign_in("my-secret-password", WRONG)
    event, attempt = SecurityEvent.objects.get(), SignInTry.objects.get()
    assert "my-secret-password" not in f"{event.__dict__}{attempt.__dict__}"
    assert (event.about, event.address) == ("a name that nobody has", "203.0.113.7")


@pytest.mark.django_db(transaction=True)
def test_many_at_once_count_each_other():
    def attempt(_):
        try:
            return SignInTry.objects.begin(What.PASSWORD, "olga", "203.0.113.7")
        except Hurried:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        looked_at = [made for made in threads.map(attempt, range(24)) if made]
    assert len(looked_at) <= 5
