"""A database that is full, damaged or gone ends in one sentence that says what to do."""

import os
import sqlite3
from contextlib import closing
from errno import EIO, ENOSPC

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, OperationalError, connection

from publishing.management.commands import queue
from sophia import database
from tests.serve.conftest import environment  # noqa: F401
from tests.serve.served import run

SENTENCE = "is damaged: "


def refusing(problem):
    def refuse(*_, **__):
        raise problem

    return refuse


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (OperationalError("database or disk is full"), "The disk is full: database or disk is full. Make room"),
        (OperationalError('could not extend file "base/1": No space left on device'), "The disk is full: "),
        (DatabaseError("database disk image is malformed"), "restore FILE --replace"),
        (DatabaseError("file is not a database"), "is damaged: file is not a database"),
        (OperationalError("no such table: x"), "Is it there, and migrated"),
    ],
)
def test_a_command_says_what_is_wrong_with_the_database(db, problem, said):
    with connection.execute_wrapper(refusing(problem)), pytest.raises(CommandError, match=r"^The d") as caught:
        call_command("queue")
    assert said in str(caught.value)


def test_a_full_disk_of_the_images_is_called_so(db, monkeypatch):
    monkeypatch.setattr(queue.Command, "handle", refusing(OSError(ENOSPC, "No space left on device")))
    with pytest.raises(CommandError, match="The disk is full"):
        call_command("queue")


@pytest.mark.parametrize("bug", [IntegrityError("UNIQUE constraint failed"), OSError(EIO, "Input/output error")])
def test_a_bug_is_not_called_otherwise(db, monkeypatch, bug):
    monkeypatch.setattr(queue.Command, "handle", refusing(bug))
    with pytest.raises(type(bug)):
        call_command("queue")


def broken(environment):  # noqa: F811
    """The pages of some tables, and of their indexes, are overwritten."""
    path = environment["DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA journal_mode=DELETE")
        rows = "SELECT rootpage FROM sqlite_master WHERE tbl_name IN ('publishing_publication', 'django_q_schedule')"
        pages = [root for (root,) in file.execute(rows)]
        size = file.execute("PRAGMA page_size").fetchone()[0]
    with open(path, "r+b") as file:
        for page in pages:
            file.seek((page - 1) * size)
            file.write(os.urandom(size))
    return path


@pytest.mark.crash
def test_a_damaged_file_stops_the_start_and_each_command_with_one_sentence(environment):  # noqa: F811
    path = broken(environment)
    for command in (["serve", "--port", "1"], ["doctor"], ["queue"], ["doctor", "--deep"]):
        answer = run(environment, *command)
        assert answer.returncode == 1
        assert SENTENCE in answer.stderr
        assert path in answer.stderr
        assert "Traceback" not in answer.stderr


@pytest.mark.only_on("sqlite")
def test_a_sound_file_is_no_finding_and_looking_ends_in_time(db):
    assert database.damage() == database.damage(within=10) == ""
    assert database.damage(within=0.0000001) == ""
    with connection.cursor() as cursor:
        assert cursor.execute("SELECT 1").fetchone() == (1,)
