from typing import Any

from django.contrib.auth.models import User

from approval.deciding import DecideCommand
from approval.models import Draft
from sophia.doors import Via


class Command(DecideCommand):
    help = "Judges a draft again. An approved one leaves the queue, if it can still be stopped."

    def decide(self, draft: Draft, by: User, options: dict[str, Any]) -> None:
        draft.reopen(by=by, note=options["note"], via=Via.CLI)
