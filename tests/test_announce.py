import pytest
from django.db import transaction

from sophia.notifications.announce import announce
from sophia.notifications.models import Notice


def test_a_fact_and_its_notice_are_written_together(draft):
    assert Notice.objects.latest("pk").kind == "draft.submitted"


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_not_told():
    with transaction.atomic():
        announce("draft.submitted", "It never happened.")
        transaction.set_rollback(True)
    assert not Notice.objects.exists()
