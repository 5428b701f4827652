from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.urls import reverse

from approval import tasks
from approval.batches.models import Batch
from approval.models import Draft
from tests import make
from tests.batches.test_many_lines import LINES, LONG

pytestmark = pytest.mark.django_db(transaction=True)


def work(batch_id):
    try:
        tasks.bring(batch_id)
    finally:
        connection.close()


def test_of_two_workers_at_once_none_brings_what_the_other_has_brought(signed_in, upload):
    make.account("facebook", "1001")
    browser = signed_in(make.person("anna", "author"))
    upload(browser, LONG, submit="on")
    batch = Batch.objects.get()
    browser.post(reverse("approval:confirm_import", args=[batch.pk]))
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, [batch.pk] * 2))
    batch.refresh_from_db()
    assert (batch.outcome["created"], batch.outcome["unchanged"], batch.done) == (LINES, 0, LINES)
    assert Draft.objects.in_review().count() == LINES
