import pytest
from django.urls import reverse

from publishing.models import Client, SocialAccount
from publishing.platforms import memory
from publishing.platforms.base import Kind, PlatformError

pytestmark = pytest.mark.django_db
ADD = "/admin/publishing/socialaccount/add/"


@pytest.fixture
def change(client, page, operator):
    client.force_login(operator)
    address = f"/admin/publishing/socialaccount/{page.pk}/change/"

    def run(**typed):
        return client.post(address, {"client": page.client.pk, "name": "The bakery", "new_token": "", **typed})

    run.address = address
    return run


def test_a_token_is_never_shown(client, change):
    shown = client.get(change.address).content.decode()

    assert "token-of-1001" not in shown
    assert "ends with ••••1001" in shown


def test_a_new_token_is_checked_and_kept(change, page):
    assert change(new_token="better-token").status_code == 302

    page.refresh_from_db()
    assert (page.token, page.token_tail, page.name) == ("better-token", "oken", "The bakery")


def test_no_new_token_keeps_the_present_one(change, page):
    change()

    page.refresh_from_db()
    assert (page.token, page.name) == ("token-of-1001", "The bakery")


def test_a_token_that_the_platform_refuses_is_said_on_the_form(change, page):
    memory.fail_next("check", PlatformError(Kind.AUTH, "Facebook says no."))

    answer = change(new_token="bad-token")

    assert "Facebook says no. Nothing was saved." in answer.content.decode()
    assert "bad-token" not in answer.content.decode()
    page.refresh_from_db()
    assert (page.token, page.name) == ("token-of-1001", "Café Lua facebook")


def test_the_platform_is_asked_outside_a_transaction(change, monkeypatch, transactional_db):
    from django.db import connection

    seen = []
    monkeypatch.setattr(
        memory.Memory, "check", lambda self: seen.append(connection.in_atomic_block) or memory.Health("")
    )

    change()

    assert seen == [False]


def test_the_id_of_an_account_stays(change, page):
    change(external_id="2002", platform="instagram")

    page.refresh_from_db()
    assert page.label == "facebook:1001"


def test_an_account_is_added_with_its_token(client, operator):
    client.force_login(operator)
    owner = Client.objects.create(name="Bakery")
    typed = {"client": owner.pk, "platform": "facebook", "external_id": "7", "new_token": "t-1", "name": ""}

    assert "needs its token" in client.post(ADD, typed | {"new_token": ""}).content.decode()
    assert client.post(ADD, typed).status_code == 302
    assert SocialAccount.objects.get().name == "Memory 7"


def test_a_viewer_cannot_connect(client, page, viewer):
    client.force_login(viewer)
    address = f"/admin/publishing/socialaccount/{page.pk}/change/"

    assert client.post(address, {"client": page.client.pk, "new_token": "stolen"}).status_code == 403
    assert client.post(ADD, {}).status_code == 403
    page.refresh_from_db()
    assert page.token == "token-of-1001"


def test_publishing_through_mcp_is_refused_on_the_form_where_nothing_is_named_for_it(change, page):
    answer = change(through="mcp")

    assert "SOPHIA_MCP_FACEBOOK is empty" in answer.content.decode()
    page.refresh_from_db()
    assert page.through == ""


def test_an_account_changes_hands_only_where_that_is_ticked(client, page, publication, boss):
    other = Client.objects.create(name="Zinc Bar")
    address = reverse("admin:publishing_socialaccount_change", args=[page.pk])
    typed = {"client": other.pk, "name": "", "new_token": ""}
    client.force_login(boss)
    assert "1 post of it is queued." in client.post(address, typed).text
    assert SocialAccount.objects.get().client == page.client
    assert client.post(address, typed | {"move": "on"}).status_code == 302
    assert SocialAccount.objects.get().client == other
