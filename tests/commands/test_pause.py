import pytest

from publishing.models import Pause
from tests import make

WHY = ("--by", "olga", "--reason", "Bad news today")


@pytest.mark.parametrize(
    ("scope", "name"),
    [
        ((), "everything"),
        (("--client", "Café Lua"), "Café Lua"),
        (("--platform", "facebook"), "Facebook"),
        (("--account", "facebook:1001"), "Café Lua facebook on Facebook"),
    ],
)
def test_publishing_is_held_within_a_scope(command, publication, scope, name):
    answer = command("pause", *WHY, *scope, "--json")

    assert (answer.code, answer.json["scope"], answer.json["holds"]) == (0, name, 1)
    pause = Pause.objects.get()
    assert (pause.pk, pause.started_via) == (answer.json["id"], "cli")
    assert pause in Pause.objects.holding(publication.account)


@pytest.mark.parametrize(
    "wrong",
    [
        ("--client", "Nobody"),
        ("--client", ""),
        ("--account", "facebook:9"),
        ("--account", ""),
        ("--platform", "x"),
        ("--client", "Café Lua", "--platform", "facebook"),
    ],
)
def test_a_wrong_scope_pauses_nothing(command, page, operator, wrong):
    answer = command("pause", *WHY, *wrong)

    assert answer.code == 1
    assert answer.error
    assert not Pause.objects.exists()


def test_who_may_not_pause_is_refused(command, author):
    assert "anna may not pause" in command("pause", "--by", "anna", "--reason", "x").error


def test_resuming_lifts_all_and_tells_the_plan(command, publication, operator):
    pauses = [Pause.objects.start(by=operator, reason="x"), Pause.objects.start(by=operator, reason="y")]

    answer = command("resume", "--by", "olga", "--yes", "--json")

    assert answer.code == 0
    assert sorted(answer.json["lifted"]) == [pause.pk for pause in pauses]
    (step,) = answer.json["plan"]
    assert (step["id"], step["verdict"], step["will"]) == (publication.pk, "go", "goes at once")
    assert not Pause.objects.in_force().exists()
    assert Pause.objects.first().lifted_via == "cli"


def test_the_plan_tells_what_will_be_missed(command, publication, operator):
    Pause.objects.start(by=operator, reason="x")
    make.behind_the_back(publication, slot_at=publication.slot_at.replace(year=2020))

    (step,) = command("resume", "--by", "olga", "--yes", "--json").json["plan"]

    assert step["verdict"] == "stop"
    assert step["will"].startswith("will be missed")


def test_the_plan_tells_what_another_pause_holds(command, publication, operator):
    lifted = Pause.objects.start(by=operator, reason="x")
    Pause.objects.start(by=operator, reason="y", client=publication.account.client)

    answer = command("resume", lifted.pk, "--by", "olga", "--yes", "--json")

    assert answer.json["lifted"] == [lifted.pk]
    assert answer.json["plan"][0]["will"].startswith("stays held")
    assert Pause.objects.in_force().count() == 1


def test_nobody_to_ask_means_nothing_is_lifted(command, publication, operator):
    Pause.objects.start(by=operator, reason="x")

    answer = command("resume", "--by", "olga")

    assert answer.code == 1
    assert "--yes" in answer.error
    assert Pause.objects.in_force().exists()


@pytest.mark.parametrize(("said", "left"), [("y", 0), ("n", 1), ("", 1)])
def test_a_person_is_asked_after_the_plan(command, publication, operator, monkeypatch, said, left):
    Pause.objects.start(by=operator, reason="x")
    monkeypatch.setattr("builtins.input", lambda _: said)

    answer = command("resume", "--by", "olga", tty=True)

    assert "goes at once" in answer.out
    assert Pause.objects.in_force().count() == left


def test_nothing_paused_is_no_error(command, operator):
    assert command("resume", "--by", "olga", "--json").json == {"lifted": [], "plan": []}
    assert "Nothing is paused" in command("resume", "--by", "olga").out


@pytest.mark.parametrize("name", ["99", "x"])
def test_a_pause_that_is_not_there_is_said(command, operator, name):
    assert command("resume", name, "--by", "olga", "--yes").code == 1


def test_a_lifted_one_is_said(command, operator):
    pause = Pause.objects.start(by=operator, reason="x")
    pause.lift(by=operator)

    assert "already lifted" in command("resume", pause.pk, "--by", "olga", "--yes").error


def test_who_may_not_resume_is_refused(command, operator, author):
    Pause.objects.start(by=operator, reason="x")

    assert command("resume", "--by", "anna", "--yes").code == 1
    assert Pause.objects.in_force().exists()
