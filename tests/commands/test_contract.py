"""What a script sees: real processes, their exit codes, and nothing but the document on stdout."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

from sophia.command import DeskCommand
from tests.serve.warm import Warm

PEOPLE = """
from django.contrib.auth.models import Group, User
User.objects.create_user("olga").groups.add(Group.objects.get(name="operator"))
User.objects.create_user("vera").groups.add(Group.objects.get(name="viewer"))
"""
PUBLISH = "from publishing.models import Publication; Publication.objects.get().publish()"


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """With a database of its own."""
    home = tmp_path_factory.mktemp("desk")
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.commands.memory_settings",
        "DATABASE_URL": f"sqlite:///{home}/desk.sqlite3",
        "SOPHIA_MEDIA": str(home / "media"),
        "PAGE_TOKEN": "a-page-token",
    }


@pytest.fixture(scope="module")
def shell(environment):
    """Runs manage.py."""
    warm = Warm(environment)
    assert warm.run("migrate", "--verbosity", "0").returncode == 0
    assert warm.run("shell", "--no-imports", "-c", PEOPLE).returncode == 0
    yield warm.run
    warm.close()


def document(done, code=0):
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


def test_from_an_account_to_a_post_that_is_gone(shell):
    connected = document(
        shell("connect", "facebook", "--client", "Café Lua", "--id", "1001", "--token-env", "PAGE_TOKEN", "--json")
    )
    assert connected["account"] == "facebook:1001"

    line = json.dumps({"ref": "a", "account": "facebook:1001", "text": "Fresh bread."})
    imported = document(shell("import_drafts", "-", "--submit", "--json", stdin=line))
    draft = imported["drafts"][0]["id"]

    (approved,) = document(shell("approve", draft, "--by", "olga", "--at", "now", "--json"))
    assert approved["state"] == "approved"

    assert shell("shell", "--no-imports", "-c", PUBLISH).returncode == 0
    (queued,) = document(shell("queue", "--state", "published", "--json"))
    assert queued["attempts"] == 1
    assert document(shell("dossier", queued["id"], "--json"))["approval"]["seal_fits"]

    gone = document(shell("recover", queued["permalink"], "--by", "olga", "--reason", "Wrong price", "--json"))
    assert gone["state"] == "completed"
    assert document(shell("drafts", "--json"))[0]["stage"] == "recovered"


@pytest.mark.parametrize(
    "wrong",
    [
        ["approve", "1", "--by", "nobody"],
        ["approve", "1"],
        ["recover", "99", "--by", "olga", "--reason", "x"],
        ["recover", "1", "--by", "olga", "--reason", "x", "--urgency", "soon"],
        ["dossier", "99"],
        ["dossier", "1", "--out", "-"],
        ["connect", "myspace", "--client", "C", "--id", "1"],
        ["pause", "--by", "vera", "--reason", "x"],
        ["emergency", "--client", "Café Lua", "--since", "now", "--reason", "x", "--by", "olga", "--yes"],
        ["resume", "9" * 30, "--by", "olga", "--yes"],
        ["skip", "9" * 400, "--by", "olga"],
        ["reject", "1", "--by", os.fsdecode(b"\xff")],
    ],
    ids=lambda wrong: " ".join(wrong)[:40],
)
def test_every_error_is_one_and_a_sentence_on_stderr(shell, wrong):
    done = shell(*wrong, "--json")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_bad_lines_are_in_the_document_and_leave_with_one(shell):
    done = shell("import_drafts", "-", "--json", stdin="[]")

    assert document(done, code=1)["errors"][0]["line"] == 1
    assert "1 of 1 lines" in done.stderr


def test_each_refusal_of_several_is_in_the_document(shell):
    done = shell("approve", "98", "99", "--by", "olga", "--json")

    assert [each["id"] for each in document(done, code=1)] == [98, 99]
    assert "There is no draft 98" in done.stderr


def test_a_reader_that_has_seen_enough_gets_no_traceback(shell, environment):
    line = [sys.executable, "manage.py", "queue"]
    pipes = dict.fromkeys(["stdout", "stderr"], subprocess.PIPE)
    with subprocess.Popen(line, cwd=settings.BASE_DIR, env=environment, text=True, **pipes) as process:
        process.stdout.close()
        assert "Traceback" not in process.stderr.read()


class Waiting(DeskCommand):
    needs_known_keys = False
    requires_system_checks = []

    def handle(self, *args, **options):
        raise KeyboardInterrupt


def test_an_interrupted_command_leaves_with_one_and_a_sentence(capsys):
    with pytest.raises(SystemExit) as left:
        Waiting().run_from_argv(["manage.py", "waiting"])
    assert left.value.code == 1
    assert capsys.readouterr().err.startswith("Interrupted.")
