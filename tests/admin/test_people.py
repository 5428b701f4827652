"""A person is added, and given a role, as docs/operating.md says."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from sophia import people
from tests import make

ADD = reverse("admin:auth_user_add")
GIVEN = {"username": "nora", "password1": "a-long-good-one", "password2": "a-long-good-one", "usable_password": "true"}


@pytest.fixture
def admin(signed_in, boss):
    return signed_in(boss)


def typed(form):
    """What the page would send as it was shown."""
    shown = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in shown.items() if value not in (None, False) and name != "password"}


def test_who_was_just_added_sees_nothing_until_they_have_a_role(admin, client, draft):
    assert admin.post(ADD, GIVEN).status_code == 302
    assert client.login(username="nora", password="a-long-good-one")
    assert "no role yet" in client.get("/").text

    nora = User.objects.get(username="nora")
    page = reverse("admin:auth_user_change", args=[nora.pk])
    form = typed(admin.get(page).context["adminform"].form) | {"groups": [make.role("operator").pk]}
    times = {"date_joined_0": "2026-01-05", "date_joined_1": "09:00:00"}
    inlines = {"assignments-TOTAL_FORMS": "0", "assignments-INITIAL_FORMS": "0"}
    assert admin.post(page, form | times | inlines).status_code == 302
    assert people.may(User.objects.get(pk=nora.pk), people.APPROVE, of=draft.client_id)
    assert "Welcome, nora" in client.get("/").text


def test_nobody_but_an_administrator_adds_people(desk):
    assert desk.post(ADD, GIVEN).status_code == 403
    assert not User.objects.filter(username="nora").exists()
