import re

import pytest
from django.conf import settings
from django.db import transaction

from sophia.notifications.announce import announce
from sophia.notifications.kinds import BY_NAME
from sophia.notifications.models import Notice

APPS = ("approval", "publishing", "sophia")


def test_a_fact_and_its_notice_are_written_together(draft):
    assert Notice.objects.latest("pk").kind == "draft.submitted"


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_not_told():
    with transaction.atomic():
        announce("draft.submitted", "It never happened.")
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


def test_only_the_vocabulary_is_spoken(db):
    with pytest.raises(KeyError):
        announce("publication.exploded", "Nobody knows this word.")


def test_a_notice_names_the_client_it_is_about(publication):
    told = Notice.objects.get(kind="draft.approved")
    assert told.client == publication.account.client


def test_every_kind_that_is_told_is_in_the_vocabulary():
    """Those that are put together from a verb or a fact are told by the tests of their verbs."""
    code = "\n".join(path.read_text() for app in APPS for path in (settings.BASE_DIR / app).rglob("*.py"))
    told = set(re.findall(r'(?:announce|say)\(\s*"([a-z_]+\.[a-z_]+)"', code))
    assert told
    assert told <= BY_NAME.keys()
