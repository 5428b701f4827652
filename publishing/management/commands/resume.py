import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError
from django.utils import timezone

from publishing.lifting import Step, digest, lift, plan
from publishing.models import Pause
from sophia.command import DeskCommand, person, whole_number
from sophia.doors import Via
from sophia.refusals import Refused


class Command(DeskCommand):
    help = "Lifts every pause, or one. Shows first what would go out, and asks, unless --yes says so already."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("pause", nargs="?", metavar="ID", help="One pause. Left out: all that are in force.")
        parser.add_argument("--by", required=True, metavar="USER", help="Who resumes.")
        parser.add_argument("--yes", action="store_true", help="Do not ask.")

    def handle(self, *args: Any, **options: Any) -> None:
        by = person(options["by"])
        pauses = in_force(options["pause"], by)
        for pause in pauses:
            pause.require_liftable(by)
        steps = plan(pauses, timezone.now())
        if pauses and not options["yes"]:
            self.ask(pauses, steps, options)
        steps = lift(pauses, by=by, via=Via.CLI, seen=None if options["yes"] else digest(steps))
        said = [f"Lifted pause {pause.pk}: {pause.scope}." for pause in pauses] or ["Nothing is paused."]
        shown = [line(step) for step in steps] if options["yes"] else []
        self.answer(options, document(pauses, steps), [*shown, *said])

    def ask(self, pauses: list[Pause], steps: list[Step], options: dict[str, Any]) -> None:
        if options["json"]:
            self.answer(options, document([], steps), [])
        else:
            for pause in pauses:
                self.stdout.write(f"Pause {pause.pk} holds {pause.scope}, by {pause.started_by}: {pause.reason}")
            for step in steps:
                self.stdout.write(line(step))
        if options["json"] or not (sys.stdin and sys.stdin.isatty()):
            raise CommandError("Nothing was lifted. Nobody can be asked here: add --yes to lift without asking.")
        if input("Lift? [y/N] ").strip().lower() not in {"y", "yes"}:
            raise CommandError("Nothing was lifted.")


def in_force(named: str | None, by: User) -> list[Pause]:
    """Without a name all that `by` knows of. Those of other people's clients are none of theirs."""
    rows = Pause.objects.select_related("account", "client", "started_by")
    if named is None:
        return list(rows.visible_to(by).in_force())
    pause = rows.filter(pk=whole_number(str(named), "pause")).first()
    if pause is None:
        raise Refused(f"There is no pause {named}.")
    if not pause.in_force:
        raise Refused(f"Pause {pause.pk} is already lifted, by {pause.lifted_by}.")
    return [pause]


def document(pauses: list[Pause], steps: list[Step]) -> dict[str, Any]:
    return {
        "lifted": [pause.pk for pause in pauses],
        "plan": [
            {
                "id": step.publication.pk,
                "account": step.publication.account.label,
                "publish_at": step.publication.publish_at,
                "verdict": step.verdict,
                "respaced_to": step.at,
                "will": step.will,
            }
            for step in steps
        ],
    }


def line(step: Step) -> str:
    return f"  {step.publication}, planned {step.publication.local_time()}: {step.will}"
