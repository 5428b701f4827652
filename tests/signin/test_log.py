from datetime import timedelta

import pytest
from django.utils import timezone

from publishing.models import Feed
from sophia import security
from sophia.membership import Membership
from sophia.notifications.models import Subscription
from sophia.signin.models import SecondFactor, SecurityEvent
from sophia.signin.models.event import Unchangeable
from tests import make

pytestmark = pytest.mark.django_db
NO_ROWS = {"assignments-TOTAL_FORMS": 0, "assignments-INITIAL_FORMS": 0}
LIST = "/admin/signin/securityevent/"


def lines():
    rows = SecurityEvent.objects.order_by("pk")
    return [(row.kind, row.who, row.about, row.said) for row in rows]


def test_a_row_is_never_changed_or_removed(operator):
    event = security.note(security.Kind.PASSWORD, by=operator, about=operator)
    tries = [
        event.save,
        event.delete,
        SecurityEvent.objects.all().delete,
        lambda: SecurityEvent.objects.update(who="x"),
    ]
    for attempt in tries:
        with pytest.raises(Unchangeable):
            attempt()
    assert SecurityEvent.objects.get().who == "olga"


def test_signing_in_and_out_is_noted_with_the_address(operator, sign_in):
    sign_in(password="wrong")
    sign_in().post("/logout/")
    rows = list(SecurityEvent.objects.order_by("pk").values_list("kind", "who", "address"))
    assert rows == [
        ("sign_in_failed", "", "203.0.113.7"),
        ("signed_in", "olga", "203.0.113.7"),
        ("signed_out", "olga", "203.0.113.7"),
    ]


def test_a_wrong_password_is_noted_wherever_it_is_asked_for(desk):
    new = {"new_password1": "a-better-password", "new_password2": "a-better-password"}
    desk.post("/you/password", {"old_password": "wrong", **new})
    desk.post("/you/elsewhere", {"password": "wrong"})
    assert [line[:3] for line in lines()] == [("sign_in_failed", "", "olga")] * 2


def test_a_token_is_noted_with_who_typed_it_and_never_with_itself(desk, page):
    address = f"/admin/publishing/socialaccount/{page.pk}/change/"
    desk.post(address, {"client": page.client.pk, "name": "Bakery", "new_token": "better-token"})
    by_command, by_hand = lines()
    assert by_command[:2] == ("credentials", "")
    assert by_hand[:2] == ("credentials", "olga")
    assert "better-token" not in str(by_hand)


def test_links_and_channels_are_noted(page, operator, settings):
    settings.SOPHIA_NOTICE_HOSTS = ["hooks.example"]
    SecurityEvent.objects.all()
    before = SecurityEvent.objects.count()
    link, token = make.client_link(page.client, operator, approving=True)
    link.revoke(by=operator)
    Feed.objects.make(page.client, by=operator).revoke(by=operator)
    channel = Subscription.objects.subscribe(by=operator, name="Team", url="jsons://hooks.example/top-secret")
    channel.switch_off(by=operator)
    noted = lines()[before:]
    assert [(kind, said.split(",")[0]) for kind, _, _, said in noted] == [
        ("client_link", "Made"),
        ("client_link", "Revoked."),
        ("calendar_link", "Made."),
        ("calendar_link", "Revoked."),
        ("channel", "Made."),
        ("channel", "Switched off."),
    ]
    assert token not in str(noted)
    assert "top-secret" not in str(noted)


def test_what_an_administrator_changes_about_people_is_noted(signed_in, boss, author):
    browser, address = signed_in(boss), f"/admin/auth/user/{author.pk}/"
    day = {"date_joined_0": "2026-01-01", "date_joined_1": "10:00:00"}
    typed = {"username": "anna", "groups": [make.role("operator").pk], "all_clients": "on", **day, **NO_ROWS}
    browser.post(f"{address}change/", typed)
    new = {"password1": "quite-another-one", "password2": "quite-another-one", "usable_password": "true"}
    browser.post(f"{address}password/", new)
    browser.post(f"{address}delete/", {"post": "yes"})
    changed, password, removed = lines()
    assert changed[:3] == ("person", "boss", "anna")
    assert "groups: operator" in changed[3]
    assert "is_active: False" in changed[3]
    assert password == ("password", "boss", "anna", "By an administrator.")
    assert removed == ("person", "boss", "anna", "Removed.")


def test_for_which_clients_somebody_works_is_noted(signed_in, boss, author, page):
    Membership.objects.assign(author, by=boss, clients=[page.client])
    assert lines()[-1] == ("membership", "boss", "anna", "Works for Café Lua.")


def test_who_changes_who_has_to_approve_is_noted(signed_in, boss, page):
    kept = {"name": "Café Lua", "timezone": "Europe/Lisbon", "lateness_limit": "00:30:00", "twin_window": "30 00:00:00"}
    signed_in(boss).post(f"/admin/publishing/client/{page.client_id}/change/", kept | {"approval_rule": "two"})
    assert lines()[-1] == ("rule", "boss", "Café Lua", "two people")


def test_who_moves_an_account_to_another_client_is_noted(signed_in, boss, page):
    other = make.account("facebook", "2002", "Padaria Sol").client
    typed = {"client": other.pk, "name": page.name, "through": "", "new_token": "", "move": "on"}
    signed_in(boss).post(f"/admin/publishing/socialaccount/{page.pk}/change/", typed)
    assert lines()[-1] == ("rule", "boss", str(page), "It belongs to Padaria Sol now, with their rule.")


def test_a_refused_change_is_not_noted(signed_in, boss, author):
    signed_in(boss).post(f"/admin/auth/user/{author.pk}/change/", {"username": ""})
    assert lines() == []


def test_an_administrator_removes_a_lost_factor_and_that_is_noted(signed_in, boss, factor, operator):
    address, chosen = "/admin/signin/secondfactor/", {"action": "remove", "_selected_action": [factor.pk]}
    signed_in(boss).post(address, chosen | {"confirmed": "yes"})
    assert SecondFactor.objects.of(operator) is None
    assert lines()[-1] == ("factor_removed", "boss", "olga", "")


def test_the_log_is_listed_filtered_and_downloaded_by_superusers_only(signed_in, boss, desk, operator):
    security.note(security.Kind.PASSWORD, by=operator, about=operator, said="=1+1")
    security.note(security.Kind.SIGNED_IN, by=operator)
    browser = signed_in(boss)
    assert "password changed" in browser.get(LIST).content.decode()
    kept = b"".join(browser.get(f"{LIST}export.csv?kind=password").streaming_content).decode()
    assert "'=1+1" in kept
    assert "signed_in" not in kept
    assert browser.get(f"{LIST}export.csv?at__gte=yesterday")["Location"] == LIST
    assert desk.get(LIST).status_code == desk.get(f"{LIST}export.csv").status_code == 403


def test_nobody_writes_it_in_the_admin(signed_in, boss):
    row = security.note(security.Kind.SIGNED_IN, by=boss)
    browser = signed_in(boss)
    assert browser.get(f"{LIST}{row.pk}/change/").status_code == 200
    for path in (f"{LIST}add/", f"{LIST}{row.pk}/change/", f"{LIST}{row.pk}/delete/"):
        assert browser.post(path, {"post": "yes"}).status_code == 403
    browser.post(LIST, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    assert SecurityEvent.objects.filter(pk=row.pk).exists()


def test_what_is_rolled_back_is_not_in_the_log(page, operator, monkeypatch):
    before = SecurityEvent.objects.count()
    ends = timezone.now() + timedelta(days=400)
    with pytest.raises(Exception, match="within a year"):
        make.ClientLink.objects.make(by=operator, client=page.client, person="x", expires_at=ends)
    assert SecurityEvent.objects.count() == before
