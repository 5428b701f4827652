"""The drill: a real archive of a real database, put back. On SQLite and on PostgreSQL."""

import os
import sqlite3
import stat
import subprocess
import sys
import tarfile
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings as project
from django.db import connection, connections, transaction
from django.utils import timezone
from encrypted_model_fields import fields
from freezegun import freeze_time

from publishing.models import Publication, RestorePoint, SocialAccount
from publishing.platforms import memory
from publishing.tasks import sweep
from sophia import canary, media
from sophia.backup import archive as archives
from sophia.backup import postgres, restoring, sqlite
from sophia.models import Desk, Heartbeat
from sophia.notifications.announce import announce
from sophia.notifications.models import Delivery, Subscription
from sophia.refusals import Refused
from tests import make
from tests.asgi import wait_until
from tests.commands.conftest import command  # noqa: F401
from tests.draining import drain

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


@pytest.fixture
def pictured(transactional_db, page, author, operator):
    """One with an image that is out, and one for later."""
    first = make.draft(page, author, text="First.", pictures=[(make.image(), "A teal square")])
    make.published(first, operator)
    return make.approved(make.draft(page, author, text="Later."), operator, at=timezone.now() + HOUR)


@pytest.fixture
def archive(pictured, command, tmp_path):  # noqa: F811
    answer = command("backup", tmp_path / "desk.tar", "--json")
    assert answer.code == 0, answer.error
    return Path(answer.json["file"])


@pytest.fixture
def restore(archive, command):  # noqa: F811
    return lambda *options: command("restore", archive, "--json", *options)


def texts():
    return set(Publication.objects.values_list("text", flat=True))


def test_an_archive_is_complete_private_and_never_overwritten(archive, command, tmp_path):  # noqa: F811
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    with tarfile.open(archive) as tar:
        names = tar.getnames()
        assert {member.mode for member in tar.getmembers()} == {0o600}
    assert len(names) == 3
    assert names[-1] == "manifest.json"
    assert "is not overwritten" in command("backup", archive).error
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_folder_gives_it_a_name_of_its_own(pictured, command, tmp_path):  # noqa: F811
    assert Path(command("backup", tmp_path, "--json").json["file"]).name.startswith("sophia-20")
    assert "There is no folder" in command("backup", tmp_path / "nowhere" / "x.tar").error


def test_an_image_that_is_gone_is_named(pictured, command, tmp_path):  # noqa: F811
    gone = Publication.objects.get(text="First.").pictures.get().image
    gone.path.unlink()
    assert command("backup", tmp_path / "desk.tar", "--json").json["images_missing"] == [gone.sha256]


def test_without_the_folder_of_the_images_there_is_no_backup(pictured, command, tmp_path, settings):  # noqa: F811
    with transaction.atomic():
        media.claim()
    settings.MEDIA_ROOT = tmp_path / "not mounted"
    assert "Without its images a backup would be half of one" in command("backup", tmp_path / "desk.tar").error
    assert not (tmp_path / "desk.tar").exists()


def test_everything_comes_back_and_every_seal_is_asked(restore, archive):
    picture = Publication.objects.get(text="First.").pictures.get().image.path
    Publication.objects.filter(text="Later.").update(text="Changed since.")
    picture.unlink()
    SocialAccount.objects.update(name="Renamed since")
    answer = restore("--replace")
    assert (answer.code, answer.json["seals"], answer.json["broken"]) == (0, 2, [])
    assert texts() == {"First.", "Later."}
    assert picture.exists()
    assert SocialAccount.objects.get().token == "token-of-1001"
    canary.require_known_keys()


def test_a_seal_that_does_not_fit_is_named(pictured, command, tmp_path):  # noqa: F811
    make.behind_the_back(pictured, text="Buy crypto")
    command("backup", tmp_path / "desk.tar")
    answer = command("restore", tmp_path / "desk.tar", "--json", "--replace")
    assert answer.code == 1
    assert answer.json["seals"] == 1
    assert "1 seals do not fit" in answer.error


def test_what_was_due_meanwhile_is_missed_and_what_went_out_is_not_sent_again(restore, clock, operator, page, author):
    clock.tick(HOUR)
    Publication.objects.get(text="Later.").publish()
    assert len(memory.outbox) == 2
    answer = restore("--replace")
    assert (answer.json["missed"], answer.json["doubtful"]) == (1, 0)
    assert Publication.objects.get(text="Later.").state == Publication.State.MISSED
    for _ in range(3):
        sweep()
        drain()
        clock.tick(timedelta(minutes=3))
    later = Publication.objects.get(text="Later.")
    assert [candidate.post_id for candidate in later.offered()] == [memory.outbox[1].post_id]
    assert (later.state, len(memory.outbox)) == (Publication.State.MISSED, 2)


def test_after_a_restore_nobody_is_signed_in_and_no_notice_goes_out_again(
    pictured,
    command,  # noqa: F811
    tmp_path,
    operator,
    desk,
    settings,
):
    settings.SOPHIA_NOTICE_HOSTS = ["127.0.0.1"]
    Subscription.objects.subscribe(by=operator, name="Team", url="json://127.0.0.1/")
    announce("publication.failed", "It failed.")
    assert Delivery.objects.waiting().exists()
    assert desk.get("/queue/").status_code == 200
    command("backup", tmp_path / "signed-in.tar")
    assert command("restore", tmp_path / "signed-in.tar", "--replace").code == 0
    assert desk.get("/queue/").status_code == 302
    assert not Delivery.objects.waiting().filter(notice__kind="publication.failed").exists()
    assert Delivery.objects.filter(state=Delivery.State.SKIPPED).exists()


def test_a_desk_that_is_not_empty_stays_without_replace(restore):
    Publication.objects.filter(text="Later.").update(text="Changed since.")
    assert "With --replace" in restore().error
    assert texts() == {"First.", "Changed since."}


def test_workers_that_run_stop_a_restore(restore):
    Heartbeat.note("machine publish", timedelta())
    assert "Workers run (machine publish)" in restore("--replace").error
    assert not RestorePoint.objects.exists()


def test_a_wrong_key_is_told_before_anything_is_touched(restore, monkeypatch, settings):
    with monkeypatch.context() as patched:
        patched.setattr(fields, "CRYPTER", MultiFernet([Fernet(Fernet.generate_key())]))
        assert "FIELD_ENCRYPTION_KEY is not the key that the backup was written with" in restore("--replace").error
    settings.SECRET_KEY = "n" * 60
    assert "SECRET_KEY is not the key that the backup was sealed with" in restore("--replace").error
    assert not RestorePoint.objects.exists()


@pytest.mark.parametrize("cut", [0, 100, 5000, -1])
def test_a_damaged_archive_is_told_before_anything_is_touched(restore, archive, cut):
    data = bytearray(archive.read_bytes())
    if cut == -1:
        data[2000] ^= 0xFF
    archive.write_bytes(data if cut == -1 else data[:cut])
    answer = restore("--replace")
    assert answer.code == 1
    assert any(word in answer.error for word in ("damaged", "not finished", "cut short"))
    assert not RestorePoint.objects.exists()


def test_what_cannot_be_read_or_written_is_a_sentence(restore, archive, command, tmp_path, settings):  # noqa: F811
    assert "cannot be read: Is a directory" in command("restore", tmp_path).error
    settings.MEDIA_ROOT = archive
    assert "could not be written: Not a directory" in restore("--replace").error
    assert not RestorePoint.objects.exists()


@pytest.mark.only_on("sqlite")  # pg_dump says it itself.
def test_a_copy_that_finds_no_room_is_a_sentence(pictured, tmp_path):
    with pytest.raises(Refused, match="The database could not be copied"), sqlite.dumped(tmp_path / "none" / "x"):
        pass


def test_an_archive_of_a_newer_sophia_is_refused(restore, archive, monkeypatch):
    monkeypatch.setattr("sophia.backup.manifest.MigrationLoader.disk_migrations", {}, raising=False)
    monkeypatch.setattr("sophia.backup.manifest.MigrationLoader.__init__", lambda *_, **__: None)
    assert "is of a newer Sophia" in restore("--replace").error


def test_who_has_the_database_open_is_told(restore):
    if connection.vendor == "postgresql":
        other = connection.copy()
    else:
        other = sqlite3.connect(connection.settings_dict["NAME"])
    try:
        other.cursor().execute("SELECT COUNT(*) FROM auth_user").fetchone()
        error = restore("--replace").error
    finally:
        other.close()
    assert "stop serve" in error
    assert not RestorePoint.objects.exists()


@pytest.mark.only_on("postgresql")  # SQLite restores into a file of its own.
def test_who_comes_while_the_archive_is_unpacked_is_told_too(restore, monkeypatch):
    run, other = postgres.run, connection.copy()

    def slowly(program, *arguments):
        if program == "pg_restore":
            other.cursor()
        run(program, *arguments)

    monkeypatch.setattr(postgres, "run", slowly)
    error = restore("--replace").error
    other.close()
    assert "Meanwhile others are connected" in error
    assert texts() == {"First.", "Later."}
    canary.require_known_keys()


def dying(step, archive):
    """Restores in a process that dies as by kill -9 at this step: no block is left tidily."""
    connections.close_all()
    child = os.fork()
    if not child:
        try:
            owner, _, name = step.rpartition(".")
            setattr(sys.modules[owner], name, lambda *_, **__: os._exit(9))
            with archives.opened(archive) as opened:
                restoring.restore(opened, replace=True)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


STEPS = {
    "sqlite": [
        "sophia.backup.restoring.make_safe",
        "sophia.backup.restoring.check_seals",
        "sophia.backup.sqlite.put_aside",
    ],
    "postgresql": [
        "sophia.backup.restoring.make_safe",
        "sophia.backup.restoring.check_seals",
        "sophia.backup.postgres.psql",
    ],
}


def is_half():
    """Nothing starts on it, and the sentence says what to do."""
    try:
        canary.require_known_keys()
    except Refused as told:
        return "Run manage.py restore once more" in str(told)
    return False


@pytest.mark.parametrize("step", [0, 1, 2])
def test_killed_in_the_middle_it_is_the_old_desk_or_says_so(restore, archive, step):
    Publication.objects.filter(text="Later.").update(text="Changed since.")
    assert dying(STEPS[connection.vendor][step], archive) == 9
    assert is_half() or texts() == {"First.", "Changed since."}
    assert restore("--replace").code == 0
    assert texts() == {"First.", "Later."}
    canary.require_known_keys()


def test_a_password_is_never_an_argument(settings, monkeypatch):
    params = {"host": "db", "user": "sophia", "password": "secret", "dbname": "desk"}
    monkeypatch.setattr(connection, "get_connection_params", lambda: params)
    asked = []
    monkeypatch.setattr("subprocess.run", lambda argv, env, **_: asked.append((argv, env)) or FAILED)
    with pytest.raises(Refused, match="pg_dump says: no space"):
        postgres.run("pg_dump", "--format=custom")
    [(argv, env)] = asked
    assert "secret" not in " ".join(argv)
    assert env["PGPASSWORD"] == "secret"


class FAILED:
    returncode, stderr = 1, "no space\n"


def test_the_folder_of_the_images_is_marked_for_the_restored_desk(restore):
    restore("--replace")
    assert media.problem() == ""
    assert (project.MEDIA_ROOT / media.MARKS).exists()


SLEEPING = "import django; django.setup(); from sophia.backup import postgres; postgres.run('sleep', '99')"


def test_a_killed_restore_takes_its_programs_along():
    known = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    parent = subprocess.Popen([sys.executable, "-c", SLEEPING], cwd=project.BASE_DIR, env=known)
    of_parent = Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
    wait_until(of_parent.read_text)
    child = Path(f"/proc/{of_parent.read_text().split()[0]}")
    parent.kill()
    parent.wait()
    wait_until(lambda: not child.exists())


@pytest.mark.only_on("sqlite")
def test_the_last_two_databases_that_were_replaced_are_kept_and_named(tmp_path):
    live = tmp_path / "desk.sqlite3"
    for moment in range(4):
        live.write_bytes(b"")
        with sqlite3.connect(live) as database:
            database.execute("CREATE TABLE t (n)")
        database.close()
        (tmp_path / f"desk.sqlite3-wal.before-202611{10 + moment}T120000").touch()
        with freeze_time(f"2026-11-{10 + moment} 12:00:00"):
            sqlite.put_aside(live)
    assert [path.name[-21:-11] for path in sqlite.aside(live)] == ["20261112T1", "20261113T1"]
    assert len(list(tmp_path.glob("desk.sqlite3-wal.before-*"))) == 2


@pytest.mark.only_on("sqlite")
def test_a_restore_names_what_it_replaced_and_both_count_as_a_backup(restore):
    made, before = Desk.here().backed_up_at, sqlite.aside(Path(connection.settings_dict["NAME"]))
    assert made is not None
    named = restore("--replace").json["aside"]
    assert len(set(named) - set(map(str, before))) == 1
    assert Desk.here().backed_up_at == made
