"""What the commands of the desk have in common. Scripts depend on it."""

import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, DataError, IntegrityError

from publishing.platforms.base import PlatformError
from sophia import canary, database
from sophia.refusals import Refused

USAGE = 2
"""What argparse leaves with when it cannot read the command line. The contract knows only 1."""


class DeskCommand(BaseCommand):
    """Says what came of it as text, or with --json as one JSON document and nothing else on stdout.

    Whatever a verb or a platform refuses goes to stderr as a sentence, with exit code 1.
    """

    needs_known_keys = True
    """With a wrong FIELD_ENCRYPTION_KEY the command would only make things worse."""

    answers_json = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        if self.answers_json:
            parser.add_argument("--json", action="store_true", help="One JSON document on stdout, and nothing else.")
        self.add_own_arguments(parser)

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        """The arguments of this command."""

    def run_from_argv(self, argv: list[str]) -> None:
        if hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(errors="replace")
        try:
            super().run_from_argv(argv)
        except SystemExit as leaving:
            sys.exit(1 if leaving.code == USAGE else leaving.code)
        except KeyboardInterrupt:
            self.stderr.write("Interrupted. What it had begun stays begun, and the workers go on with it.")
            sys.exit(1)
        except BrokenPipeError:
            # The reader, such as `head`, has seen enough. Python would complain once more while it ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            if self.needs_known_keys:
                canary.require_known_keys()
            if settings.SOPHIA_SANDBOX:
                look_for_sandbox()
            return super().execute(*args, **options)
        except (Refused, PlatformError) as refused:
            raise CommandError(str(refused)) from refused
        except ValidationError as wrong:
            raise CommandError(in_words(wrong)) from wrong
        except (OverflowError, DataError) as wrong:
            raise CommandError(f"A number is larger than the database can hold: {wrong}") from wrong
        except UnicodeEncodeError as wrong:
            raise CommandError("An argument holds bytes that are not UTF-8 text.") from wrong
        except IntegrityError:  # A bug of ours.
            raise
        except DatabaseError as wrong:
            raise CommandError(database.why_not(wrong)) from wrong
        except OSError as wrong:
            if not database.is_full(wrong):
                raise
            raise CommandError(database.FULL.format(wrong.strerror)) from wrong

    def answer(self, options: dict[str, Any], document: Any, lines: Iterable[str]) -> None:
        """The document for scripts, or the lines for people."""
        if options["json"]:
            self.stdout.write(json.dumps(document, cls=DjangoJSONEncoder, indent=2))
        else:
            for line in lines:
                self.stdout.write(line)
        self.stdout.flush()


def look_for_sandbox() -> None:
    """Its models exist only while it is on. A database that is not migrated is for others to tell."""
    from publishing.sandbox.models import Place

    with suppress(DatabaseError):
        Place.follow()


def person(username: str) -> User:
    """Whoever is called so and may sign in. What they may do is judged by the verb."""
    found = User.objects.filter(username=username).first()
    if found is None:
        raise CommandError(f"There is no user “{username}”. Create one in the admin, or by manage.py createsuperuser.")
    if not found.is_active:
        raise CommandError(f"The user “{username}” is switched off. Name somebody who is active.")
    return found


def whole_number(text: str, of: str) -> int:
    """An id as it is typed. Refused with a sentence that says what the id would be of."""
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Refused(f"“{text}” is not the id of a {of}. An id is a number.")
    return int(text)


def in_words(wrong: ValidationError) -> str:
    """Each field with what is wrong about it."""
    if not hasattr(wrong, "error_dict"):
        return " ".join(wrong.messages)
    return " ".join(
        message if field == "__all__" else f"{field}: {message}"
        for field, messages in wrong.message_dict.items()
        for message in messages
    )


def table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[str]:
    """Aligned columns. What people wrote is made printable, so that it cannot move the terminal's cursor."""
    cells = [list(heads), *([printable(value) for value in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def printable(value: Any) -> str:
    one_line = " ".join(str("" if value is None else value).split())
    return "".join(character if character.isprintable() else "�" for character in one_line)
