"""What the commands that decide on one draft have in common."""

from abc import ABC, abstractmethod
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User

from approval.models import Draft
from sophia.command import DeskCommand, person, whole_number
from sophia.refusals import Refused


class DecideCommand(DeskCommand, ABC):
    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("draft", metavar="ID", help="The draft. manage.py drafts lists them.")
        parser.add_argument("--by", required=True, metavar="USER", help="Who decides.")
        parser.add_argument("--note", default="", help="Kept with the decision.")

    def handle(self, *args: Any, **options: Any) -> None:
        by = person(options["by"])
        draft = draft_of(str(options["draft"]))
        self.decide(draft, by, options)
        said = f"Draft {draft.pk} is {draft.get_state_display()}."
        self.answer(options, {"id": draft.pk, "state": draft.state}, [said])

    @abstractmethod
    def decide(self, draft: Draft, by: User, options: dict[str, Any]) -> None:
        """One verb."""


def draft_of(name: str) -> Draft:
    draft = Draft.objects.select_related("account__client").filter(pk=whole_number(name, "draft")).first()
    if draft is None:
        raise Refused(f"There is no draft {name}. manage.py drafts lists them.")
    return draft
