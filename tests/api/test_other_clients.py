"""A token that is limited to clients sees and touches nothing of the others."""

import pytest

from publishing.models import Pause
from sophia.notifications.announce import announce
from tests import make


@pytest.fixture
def theirs(author, operator):
    """A published post of another client, and everything around it."""
    out = make.published(make.draft(make.account("facebook", "2002", "Padaria Sol"), author, ref="theirs"), operator)
    out.recover(by=operator, reason="Wrong price", urgency="review")
    Pause.objects.start(by=operator, reason="x", account=out.account)
    announce("health.finding", "The broker is slow.")
    return out


@pytest.fixture
def limited(program_of, operator, page):
    """May do everything, for Café Lua."""
    return program_of(operator, clients=[page.client])


@pytest.mark.parametrize("noun", ["drafts", "publications", "recoveries", "pauses", "notices"])
def test_lists_are_empty(limited, program, theirs, noun):
    foreign = [
        each
        for each in limited.get(noun).json()["items"]
        if each.get("client") != make.Client.objects.get(name="Café Lua").pk
    ]
    assert foreign == []
    assert program.get(noun).json()["items"]


def test_the_accounts_are_its_own(limited, theirs):
    assert [each["account"] for each in limited.get("accounts").json()["items"]] == ["facebook:1001"]


def test_what_is_not_its_own_is_not_there(limited, theirs):
    draft, recovery, pause = theirs.draft, theirs.recoveries.get(), Pause.objects.get()
    note = {"note": ""}
    for method, path, body in [
        ("get", f"drafts/{draft.pk}", {}),
        ("patch", f"drafts/{draft.pk}", {"digest": draft.digest()}),
        ("post", f"drafts/{draft.pk}/submit", note),
        ("post", f"drafts/{draft.pk}/withdraw", note),
        ("get", f"publications/{theirs.pk}", {}),
        ("get", f"recoveries/{recovery.pk}", {}),
        ("get", f"pauses/{pause.pk}/plan", {}),
        ("post", f"pauses/{pause.pk}/lift", {"plan": "x"}),
        ("get", f"accounts/{theirs.account_id}/health", {}),
    ]:
        assert getattr(limited, method)(path, **body).status_code == 404, path


def test_nothing_can_be_written_for_them(limited, theirs):
    account, client = theirs.account.label, theirs.account.client_id
    assert limited.post("drafts", account=account, text="x").json()["field"] == "account"
    assert limited.post("recoveries", publication=theirs.pk, reason="x").json()["field"] == "publication"
    assert limited.post("pauses", account=account, reason="x").json()["field"] == "account"
    assert limited.post("pauses", client=client, reason="x").json()["field"] == "client"


def test_a_ref_of_theirs_says_nothing_about_it(limited, theirs, page):
    answer = limited.post("drafts", account=page.label, text="x", ref="theirs")
    assert (answer.status_code, answer.json()["field"]) == (409, "ref")
    assert str(theirs.draft.pk) not in answer.json()["detail"]


@pytest.mark.parametrize("named", [{"everything": True}, {"platform": "facebook"}])
def test_it_does_not_pause_or_resume_everybody(limited, program, page, named):
    assert limited.post("pauses", named, reason="x").status_code == 403
    pause = program.post("pauses", named, reason="x").json()
    plan = limited.get(f"pauses/{pause['id']}/plan").json()
    assert limited.post(f"pauses/{pause['id']}/lift", plan=plan["digest"]).status_code == 403
    assert Pause.objects.in_force().exists()


def test_a_token_whose_clients_are_gone_sees_nothing(program_of, operator, draft):
    gone = make.Client.objects.create(name="Gone")
    program = program_of(operator, clients=[gone])
    gone.delete()
    assert program.get("drafts").json()["items"] == []
