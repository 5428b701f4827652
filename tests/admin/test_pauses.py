import pytest

from publishing.models import Pause
from tests.admin.conftest import said

pytestmark = pytest.mark.django_db
ADD = "/admin/publishing/pause/add/"


def test_an_account_is_paused_from_its_list(act, page, operator):
    act(operator, "pause", page, typed={"reason": "Bad news"})

    pause = Pause.objects.get()
    assert (pause.account, pause.reason, pause.started_via) == (page, "Bad news", "admin")


def test_a_client_is_paused_from_its_list(act, page, operator):
    act(operator, "pause", page.client, typed={"reason": "Bad news"})

    assert Pause.objects.get().client == page.client


def test_everything_is_paused_from_the_list_of_pauses(client, operator):
    client.force_login(operator)
    assert client.get(ADD).status_code == 200

    client.post(ADD, {"reason": "Bad news"})

    assert Pause.objects.get().scope == "everything"


def test_two_scopes_are_refused_on_the_form(client, page, operator):
    client.force_login(operator)

    answer = client.post(ADD, {"reason": "x", "client": page.client.pk, "platform": "facebook"})

    assert "A pause has one scope" in answer.content.decode()
    assert not Pause.objects.exists()


def test_resuming_shows_the_plan_first(act, publication, operator):
    pause = Pause.objects.start(by=operator, reason="x")

    assert "goes at once" in act(operator, "resume", pause, ask_first=True).content.decode()
    assert Pause.objects.in_force().exists()

    assert "is lifted" in said(act(operator, "resume", pause))
    assert not Pause.objects.in_force().exists()


def test_a_lifted_pause_is_told(act, operator):
    pause = Pause.objects.start(by=operator, reason="x")
    pause.lift(by=operator)

    assert "already lifted" in said(act(operator, "resume", pause))


def test_a_viewer_neither_pauses_nor_resumes(act, client, page, operator, viewer):
    pause = Pause.objects.start(by=operator, reason="x")

    act(viewer, "resume", pause)
    act(viewer, "pause", page, typed={"reason": "x"})

    assert client.post(ADD, {"reason": "x"}).status_code == 403
    assert list(Pause.objects.in_force()) == [pause]
