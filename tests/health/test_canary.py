"""A wrong key stops the start, before anything is written with it or taken for forged."""

import os
import subprocess
import sys

import pytest
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings as project
from django.core.management import CommandError, call_command
from encrypted_model_fields import fields

from sophia import canary
from sophia.models import Desk
from sophia.refusals import Refused
from tests import make
from tests.serve.conftest import environment  # noqa: F401
from tests.serve.served import run

WRONG = "FIELD_ENCRYPTION_KEY is not the key that this database was written with."


@pytest.fixture
def another_key(monkeypatch):
    """From when it is called on, Sophia runs with another key, and with `known` behind it."""

    def change(*known):
        new = Fernet(Fernet.generate_key())
        monkeypatch.setattr(fields, "CRYPTER", MultiFernet([new, *map(Fernet, known)]))

    return change


def test_the_right_key_starts(db):
    canary.leave()
    canary.require_known_keys()


def test_another_key_is_refused(db, another_key):
    canary.leave()
    another_key()
    with pytest.raises(Refused, match=WRONG):
        canary.require_known_keys()


def test_every_command_of_the_desk_is_stopped(db, another_key):
    canary.leave()
    another_key()
    with pytest.raises(CommandError, match=WRONG):
        call_command("queue")


def test_the_old_key_behind_a_new_one_starts(db, another_key, settings):
    canary.leave()
    another_key(settings.FIELD_ENCRYPTION_KEY[0])
    canary.require_known_keys()


def test_another_secret_key_is_refused_unless_the_old_one_stands_behind_it(db, settings):
    canary.leave()
    old, settings.SECRET_KEY = settings.SECRET_KEY, "n" * 60
    with pytest.raises(Refused, match="SECRET_KEY is not the key that this database was sealed with"):
        canary.require_known_keys()
    settings.SECRET_KEY_FALLBACKS = [old]
    canary.require_known_keys()


def test_no_canary_is_left_by_a_key_that_opens_nothing(page, another_key):
    another_key()
    with pytest.raises(Refused, match=WRONG):
        canary.leave()
    assert not Desk.here().canary


def test_rotating_moves_the_canary_last(publication, another_key, settings):
    canary.leave()
    another_key(settings.FIELD_ENCRYPTION_KEY[0])
    before = Desk.here().canary
    make.behind_the_back(publication, text="Changed behind the back.")
    with pytest.raises(CommandError):
        call_command("rotate_keys")
    assert Desk.here().canary == before
    make.behind_the_back(publication, text="Fresh bread at seven.")
    call_command("rotate_keys")
    assert fields.CRYPTER._fernets[0].decrypt(Desk.here().canary)


def test_a_restore_that_has_not_ended_is_told(db):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {canary.UNFINISHED} (taken_at text)")
    with pytest.raises(Refused, match=r"restore of this database was begun"):
        canary.require_known_keys()


@pytest.mark.parametrize(
    "command",
    [["manage.py", "serve", "--port", "0"], ["manage.py", "qcluster"], ["-m", "uvicorn", "sophia.asgi:application"]],
    ids=["serve", "workers", "web"],
)
def test_web_and_workers_do_not_start(environment, command):  # noqa: F811
    code = "from sophia import canary; from django.db import transaction\nwith transaction.atomic(): canary.leave()"
    assert run(environment, "shell", "-v0", "-c", code).returncode == 0
    key = Fernet.generate_key().decode()
    wrong = environment | {"FIELD_ENCRYPTION_KEY": key, "DJANGO_SETTINGS_MODULE": "sophia.settings"}
    started = subprocess.run(
        [sys.executable, *command],
        cwd=project.BASE_DIR,
        env=os.environ | wrong,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert started.returncode == 1
    assert WRONG in started.stderr
