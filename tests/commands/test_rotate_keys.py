import json
import os
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet, MultiFernet
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils import timezone
from encrypted_model_fields import fields

from publishing import seal
from publishing.models import Publication
from sophia import canary, keys
from sophia.notifications.models import Subscription
from tests import make

DOCUMENT = {"encrypted": 1, "sealed": 1, "refused": []}


@pytest.fixture
def new_secret(publication, settings):
    """The first key is new from now on, and the old one still known."""
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "n" * 60


@pytest.fixture
def new_fernet(publication, settings, monkeypatch):
    """The package reads its keys once, when it is imported."""
    new = Fernet(Fernet.generate_key())
    monkeypatch.setattr(fields, "CRYPTER", MultiFernet([new, Fernet(settings.FIELD_ENCRYPTION_KEY[0])]))
    return new


def rotate(capsys):
    call_command("rotate_keys", "--json")
    return json.loads(capsys.readouterr().out)


def refused(capsys):
    with pytest.raises(CommandError, match=r"1 were left as they are\. Keep the old keys"):
        call_command("rotate_keys", "--json")
    return json.loads(capsys.readouterr().out)["refused"][0]


def damage_without_the_old_key(publication, settings):
    settings.SECRET_KEY_FALLBACKS = []
    return Publication.objects.get(pk=publication.pk).damage()


def test_a_seal_holds_without_the_old_key(new_secret, publication, settings, capsys):
    assert rotate(capsys) == DOCUMENT
    assert rotate(capsys) == DOCUMENT
    assert damage_without_the_old_key(publication, settings) == ""


def test_a_forged_step_gets_no_seal_by_it(new_secret, publication, capsys):
    now = timezone.now()
    round_ = publication.preparations.create(opened_at=now)
    step = round_.steps.create(name="post", external_id="1001_9", intended_at=now, made_at=now, seal="forged")
    assert rotate(capsys) == DOCUMENT
    step.refresh_from_db()
    assert not step.is_ours


def test_without_it_the_seal_would_not_hold(new_secret, publication, settings):
    assert "are not what was approved" in damage_without_the_old_key(publication, settings)


def test_what_is_prepared_on_the_platform_is_sealed_anew(publication, settings, capsys):
    publication.reference = {"way": "two_step", "post_id": "1001_1"}
    made = seal.make(publication.reference_statement())
    make.behind_the_back(publication, reference=publication.reference, reference_seal=made)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "n" * 60
    assert rotate(capsys) == DOCUMENT
    assert damage_without_the_old_key(publication, settings) == ""


def test_what_was_changed_behind_the_back_is_not_sealed(new_secret, publication, settings, capsys):
    make.behind_the_back(publication, text="Buy crypto")
    assert "keeps its old seal, which does not fit" in refused(capsys)
    assert publication.seal == Publication.objects.get().seal


def test_what_a_worker_holds_is_left_to_a_second_run(new_secret, publication, capsys):
    make.behind_the_back(publication, claimed_until=timezone.now() + timedelta(seconds=90))
    assert "a worker holds it. Try again" in refused(capsys)


def test_a_token_is_encrypted_with_the_first_key(new_fernet, page, capsys):
    assert rotate(capsys) == DOCUMENT
    with connection.cursor() as cursor:
        cursor.execute("SELECT token FROM publishing_socialaccount")
        stored = cursor.fetchone()[0]
    assert new_fernet.decrypt(stored.encode()).decode() == page.token


def test_a_token_that_no_key_decrypts_is_left_as_it_is(publication, monkeypatch, capsys):
    monkeypatch.setattr(fields, "CRYPTER", MultiFernet([Fernet(Fernet.generate_key())]))
    canary.renew()
    assert "SocialAccount 1 cannot be decrypted" in refused(capsys).replace(str(publication.account_id), "1")


def test_the_address_of_a_subscription_is_encrypted_with_the_first_key(new_fernet, operator, settings, capsys):
    settings.SOPHIA_NOTICE_HOSTS = ["127.0.0.1"]
    made = Subscription.objects.subscribe(by=operator, name="Team", url="json://127.0.0.1/secret")
    assert rotate(capsys) == DOCUMENT | {"encrypted": 2}
    with connection.cursor() as cursor:
        cursor.execute("SELECT url FROM notifications_subscription")
        stored = cursor.fetchone()[0]
    assert new_fernet.decrypt(stored.encode()).decode() == made.url


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_it_is_run_once_more(new_fernet, author, operator, capsys):
    make.approved(make.draft(make.account("instagram", "2002"), author, pictures=[(make.image(), "")]), operator)
    assert dying_after_one_row() == 9
    assert rotate(capsys) == {"encrypted": 2, "sealed": 2, "refused": []}
    with connection.cursor() as cursor:
        cursor.execute("SELECT token FROM publishing_socialaccount ORDER BY external_id")
        stored = [new_fernet.decrypt(token.encode()).decode() for (token,) in cursor.fetchall()]
    assert stored == ["token-of-1001", "token-of-2002"]


def dying_after_one_row():
    """As by kill -9: no block is left tidily."""
    connections.close_all()
    child = os.fork()
    if not child:
        first = keys.encrypt_row
        keys.encrypt_row = lambda *row: (first(*row), setattr(keys, "encrypt_row", lambda *_: os._exit(9)))[0]
        try:
            keys.encrypt_again()
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
