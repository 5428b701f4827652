import threading

import pytest
from django.db import connection

from approval.models import Draft
from sophia.refusals import NotAllowed, WrongState
from tests import make


def test_a_refused_verb_saves_nothing(draft, viewer):
    with pytest.raises(NotAllowed):
        draft.reject(by=viewer, note="No.")
    draft.refresh_from_db()
    assert draft.state == Draft.State.IN_REVIEW
    assert draft.decisions.count() == 2


def test_a_verb_reads_what_others_did_before_it_judges(draft, operator):
    stale = Draft.objects.get(pk=draft.pk)
    draft.skip(by=operator)
    with pytest.raises(WrongState, match="it is skipped by olga"):
        stale.reject(by=operator)


@pytest.mark.django_db(transaction=True)
def test_threads_that_refresh_at_once_do_not_break_each_other(operator):
    draft = make.draft(make.account(), operator)
    broken = []

    def refresh() -> None:
        mine = Draft.objects.get(pk=draft.pk)
        try:
            for _ in range(50):
                mine.refresh_from_db()
        except AttributeError as error:
            broken.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=refresh) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not broken
