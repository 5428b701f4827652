import pytest
from django.contrib.auth.models import User

from sophia.membership import Assignment, Membership, works_for
from sophia.refusals import NotAllowed
from tests import make


def test_whoever_was_never_assigned_works_for_all(operator):
    assert works_for(operator) is None


def test_a_member_works_for_their_clients(member, bakery, page):
    assert works_for(member) == {bakery.client_id}


def test_taking_the_last_client_away_leaves_none(member):
    assert works_for(make.member(member)) == frozenset()


def test_a_client_that_is_deleted_does_not_open_the_others(member, bakery, page):
    client = bakery.client
    bakery.delete()
    client.delete()
    assert works_for(User.objects.get(pk=member.pk)) == frozenset()


def test_a_member_can_be_given_all_clients_again(member, boss):
    Membership.objects.assign(member, by=boss, clients=None)
    assert works_for(member) is None


def test_an_administrator_works_for_all_whatever_was_assigned(boss, bakery):
    assert works_for(make.member(boss, bakery.client)) is None


def test_only_administrators_say_who_works_for_whom(operator, member):
    with pytest.raises(NotAllowed, match="olga may not say"):
        Membership.objects.assign(member, by=operator, clients=None)
    assert works_for(User.objects.get(pk=member.pk)) is not None


def test_it_is_kept_who_said_it_and_when(member, boss, bakery, page):
    Membership.objects.assign(member, by=boss, clients=[bakery.client, page.client])
    kept = Assignment.objects.first()
    assert (kept.by, kept.person, kept.clients) == (boss, member, ["Café Lua", "Padaria Sol"])
    assert str(kept) == "mia works for Café Lua, Padaria Sol, says boss"


def test_it_costs_one_query_for_everybody(operator, member, django_assert_num_queries):
    for person in (operator, User.objects.get(pk=member.pk)):
        with django_assert_num_queries(1):
            works_for(person)
            works_for(person)


def form(person, **typed):
    joined = f"{person.date_joined:%Y-%m-%d %H:%M:%S}".split()
    kept = {"username": person.username, "is_active": "on", "is_staff": "on"}
    inline = {"assignments-TOTAL_FORMS": 0, "assignments-INITIAL_FORMS": 0}
    return kept | inline | {"date_joined_0": joined[0], "date_joined_1": joined[1]} | typed


def test_it_is_shown_and_changed_in_the_admin_on_the_person(client, boss, member, bakery, page):
    client.force_login(boss)
    address = f"/admin/auth/user/{member.pk}/change/"
    assert "Padaria Sol" in client.get(address).text
    assert client.post(address, form(member, clients=[page.client_id])).status_code == 302
    assert works_for(User.objects.get(pk=member.pk)) == {page.client_id}
    assert client.post(address, form(member)).status_code == 302
    assert works_for(User.objects.get(pk=member.pk)) == frozenset()
    assert client.post(address, form(member, all_clients="on")).status_code == 302
    assert works_for(User.objects.get(pk=member.pk)) is None
    assert [kept.said for kept in Assignment.objects.all()] == ["all clients", "no client", "Café Lua", "Padaria Sol"]


def test_saving_a_person_without_touching_it_keeps_no_assignment(client, boss, operator):
    client.force_login(boss)
    client.post(f"/admin/auth/user/{operator.pk}/change/", form(operator, all_clients="on", first_name="Olga"))
    operator.refresh_from_db()
    assert operator.first_name == "Olga"
    assert not Assignment.objects.exists()


def test_all_of_them_and_some_of_them_is_asked_about(client, boss, operator, page):
    client.force_login(boss)
    typed = form(operator, all_clients="on", clients=[page.client_id])
    assert "untick one or the other" in client.post(f"/admin/auth/user/{operator.pk}/change/", typed).text
    assert not Assignment.objects.exists()
