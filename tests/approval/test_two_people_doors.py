"""Two approvals through the other doors: the command, the admin, a client's link; and what the evidence says."""

import pytest

from publishing.dossier.packet import Dossier
from publishing.models import Publication
from tests import make
from tests.admin.conftest import act, said  # noqa: F401
from tests.commands.conftest import command  # noqa: F401


@pytest.fixture
def waiting(page, author):
    make.behind_the_back(page.client, approval_rule="two")
    page.client.refresh_from_db()
    return make.draft(page, author)


def test_the_command_says_that_another_one_is_needed(command, waiting, operator, second_operator):  # noqa: F811
    assert "approved by olga and stays in review" in command("approve", str(waiting.pk), "--by", "olga").out
    again = command("approve", str(waiting.pk), "--by", "olga")
    assert (again.code, "has approved it already" in again.error) == (1, True)
    answer = command("approve", str(waiting.pk), "--by", "oskar", "--json").json[0]
    assert (answer["state"], answer["publication"]) == ("approved", Publication.objects.get().pk)


def test_the_admin_says_so_too(act, waiting, operator):  # noqa: F811
    typed = {"mode": "auto", "at": "", f"digest-{waiting.pk}": waiting.digest()}
    assert "approved by you. Another person" in said(act(operator, "approve", waiting, typed=typed))
    assert not Publication.objects.exists()


def test_a_client_may_be_the_first_and_the_agency_the_second(client, waiting, operator, second_operator):
    _, start = make.client_link(waiting.account.client, operator, approving=True)
    client.post(f"{start}{waiting.pk}/approve", {"digest": waiting.digest()})
    answer = client.post(f"{start}{waiting.pk}/approve", {"digest": waiting.digest()})
    assert waiting.agreement.who == "Marta (client)"
    assert answer.status_code == 403
    assert "needs your agency&#x27;s own approval" in answer.text
    assert make.approved(waiting, second_operator).agreed_by == operator


def test_whoever_gave_the_link_is_not_the_second_person(client, waiting, operator):
    link, _ = make.client_link(waiting.account.client, operator, approving=True)
    link.approve(waiting, digest=waiting.digest())
    assert "olga has approved it already" in waiting.objection(operator)


def test_the_client_is_thanked_for_the_first(client, waiting, operator):
    _, start = make.client_link(waiting.account.client, operator, approving=True)
    answer = client.post(f"{start}{waiting.pk}/approve", {"digest": waiting.digest()})
    answer = client.get(answer["Location"])
    assert "Somebody at your agency approves it too" in answer.text


def test_the_dossier_names_both(waiting, operator, second_operator):
    waiting.approve(by=operator, digest=waiting.digest())
    dossier = Dossier.of(make.approved(waiting, second_operator))
    approval = dossier.document["approval"]
    assert (approval["agreed"]["by"]["username"], approval["by"]["username"]) == ("olga", "oskar")
    assert approval["seal_fits"]
    assert "the two approvers, olga and oskar" in dossier.html()
