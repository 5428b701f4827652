from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from approval.clientlinks.models import ClientLink
from sophia.refusals import NotAcceptable, NotAllowed
from tests import make


def ask(browser, page, **typed):
    return browser.post(
        reverse("approval:make_link"), {"client": page.client_id, "person": "Marta", "days": 30} | typed
    )


def test_the_address_is_shown_once_and_kept_nowhere(signed_in, operator, page, phone):
    desk = signed_in(operator)
    answer = ask(desk, page, approving="on")
    address = answer.context["address"]
    link = ClientLink.objects.get()
    secret = address.rsplit("/", 2)[1].split(".")[0]
    assert answer["Cache-Control"] == "no-store, no-transform"
    assert phone.get(address.removeprefix("http://testserver")).status_code == 200
    assert secret not in str(ClientLink.objects.values().get())
    assert secret not in desk.get(reverse("approval:links")).text
    assert link.may_approve_by == operator


def test_the_list_says_when_each_was_last_seen(signed_in, operator, link):
    desk = signed_in(operator)
    assert "Never opened" in desk.get(reverse("approval:links")).text
    link[0].visit()
    assert "Last seen" in desk.get(reverse("approval:links")).text


def test_a_link_is_revoked_after_a_question(signed_in, operator, link):
    desk, address = signed_in(operator), reverse("approval:revoke_link", args=[link[0].pk])
    assert "cannot be undone" in desk.get(address).text
    assert ClientLink.objects.get().is_open
    assert desk.post(address).status_code == 302
    assert ClientLink.objects.get().revoked_by == operator
    assert desk.post(address).status_code == 409


@pytest.mark.parametrize("who", ["author", "viewer"])
def test_only_operators_make_and_revoke(signed_in, request, page, link, who):
    person = request.getfixturevalue(who)
    browser = signed_in(person)
    assert ask(browser, page).status_code == 403
    assert browser.post(reverse("approval:revoke_link", args=[link[0].pk])).status_code == 403
    assert browser.get(reverse("approval:links")).status_code == 200
    with pytest.raises(NotAllowed, match="may not make or revoke client links"):
        link[0].revoke(by=person)
    with pytest.raises(NotAllowed):
        make.client_link(page.client, person)


def test_who_may_not_approve_cannot_let_others(page, author):
    author.user_permissions.set(Permission.objects.filter(codename="add_clientlink"))
    with pytest.raises(NotAllowed, match="may not approve"):
        make.client_link(page.client, author, approving=True)


@pytest.mark.parametrize("days", [-1, 0, 400])
def test_a_link_ends_within_a_year(page, operator, days):
    with pytest.raises(NotAcceptable, match="within a year"):
        make.client_link(page.client, operator, days=days)


def test_a_form_with_nothing_in_it_is_shown_again(signed_in, operator, page):
    answer = ask(signed_in(operator), page, person="", days="9999")
    assert answer.status_code == 422
    assert not ClientLink.objects.exists()


def test_more_links_take_no_more_queries(signed_in, operator, page, queries_of):
    make.client_link(page.client, operator)
    desk = signed_in(operator)
    few = queries_of(desk, reverse("approval:links"))
    for _ in range(5):
        make.client_link(page.client, operator, approving=True)
    assert queries_of(desk, reverse("approval:links")) == few
    assert ClientLink.objects.filter(expires_at__gt=timezone.now() + timedelta(days=1)).count() == 6
