from typing import Any

from django.contrib.auth.models import User

from approval.deciding import DecideCommand
from approval.models import Draft
from sophia.doors import Via


class Command(DecideCommand):
    help = "Skips a draft: not this one, and no fault of its author."

    def decide(self, draft: Draft, by: User, options: dict[str, Any]) -> None:
        draft.skip(by=by, note=options["note"], via=Via.CLI)
