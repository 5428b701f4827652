"""Two people approve the same words at the same moment."""

from functools import partial

import pytest

from approval.models import Draft
from publishing.models import Publication
from publishing.models.client import TWIN_WINDOW
from tests import make
from tests.clientlinks.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_only_one_passes_without_a_reason(page, author, operator, second_operator):
    page.client.twin_window = TWIN_WINDOW
    page.client.save()
    pair = [make.draft(page, author) for _ in range(2)]
    verbs = [
        partial(Draft.objects.get(pk=draft.pk).approve, by=by, digest=draft.digest())
        for draft, by in zip(pair, (operator, second_operator), strict=True)
    ]
    refused = at_once(*verbs)
    assert ["The same text is planned for" in said for said in refused] == [True]
    assert Publication.objects.count() == 1
