"""What people and workers do all day, one at a time. Runs inside the desk that is measured: reads the name of a chore,
does it once, and answers with a line of JSON: milliseconds and SQL statements."""

import json
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.utils import timezone

from approval.models import Draft
from publishing import tasks
from publishing.models import Publication, SocialAccount
from tests.bench import history, inside

OWNERS = 50
STILL_DUE = 20


class Chores:
    """The work ahead is made by the real verbs, and is the same however long the desk has been in use."""

    def __init__(self, publications: int, times: int):
        self.person = inside.operator()
        self.owners = inside.accounts(OWNERS)
        SocialAccount.objects.update(min_gap=timedelta(hours=1), max_per_week=50)
        history.write(publications, self.owners, self.person)
        self.drafts = [self.draft(number) for number in range(times)]
        now = timezone.now()
        self.due = [self.approved(number, now) for number in range(STILL_DUE + times)]
        self.queued = [self.approved(number, now + timedelta(days=1)) for number in range(OWNERS)]
        self.in_review = [self.draft(number) for number in range(30)]
        self.browser = Client()
        self.browser.force_login(self.person)

    def draft(self, number: int) -> Draft:
        made = Draft.objects.write(by=self.person, account=self.owners[number % OWNERS], text=f"To judge, {number}.")
        made.submit(by=self.person)
        return made

    def approved(self, number: int, at: datetime) -> Publication:
        draft = self.draft(number)
        draft.approve(by=self.person, digest=draft.digest(), at=at)
        assert draft.publication
        return draft.publication

    def approve(self) -> None:
        draft = self.drafts.pop()
        draft.approve(by=self.person, digest=draft.digest(), at=timezone.now() + timedelta(days=2))

    def claim(self) -> None:
        assert self.due.pop().claim()

    def sweep(self) -> None:
        tasks.sweep()

    def page(self, address: str) -> None:
        answer = self.browser.get(address, HTTP_HOST="127.0.0.1")
        assert answer.status_code == 200, f"{address} answered {answer.status_code}"

    def gates_page(self) -> None:
        self.page(self.queued[0].get_absolute_url())

    def review_page(self) -> None:
        self.page(self.in_review[0].get_absolute_url())

    def queue_page(self) -> None:
        self.page("/queue/")

    def published_list(self) -> None:
        self.page("/queue/?state=published")

    def admin_list(self) -> None:
        self.page("/admin/publishing/publication/")

    def admin_drafts(self) -> None:
        self.page("/admin/approval/draft/")

    def once(self, chore: Callable[[], None]) -> dict[str, Any]:
        statements = 0

        def counted(execute: Any, *call: Any) -> Any:
            nonlocal statements
            statements += 1
            return execute(*call)

        with connection.execute_wrapper(counted):
            start = time.perf_counter()
            chore()
            return {"milliseconds": (time.perf_counter() - start) * 1000, "queries": statements}


def serve(publications: int, times: int) -> None:
    chores = Chores(publications, times)
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        print(json.dumps(chores.once(getattr(chores, line.strip()))), flush=True)
