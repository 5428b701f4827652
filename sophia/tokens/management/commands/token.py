from argparse import SUPPRESS, ArgumentParser
from datetime import timedelta
from typing import Any

from django.utils import timezone

from publishing.models import Client
from sophia.command import DeskCommand, person, table, whole_number
from sophia.refusals import Refused
from sophia.tokens.models import Token
from sophia.tokens.scopes import BY_NAME

HEADS = ("ID", "NAME", "FOR", "ENDS WITH", "SCOPES", "CLIENTS", "UNTIL", "LAST USED")


class Command(DeskCommand):
    help = "Makes API tokens, lists them, and revokes them. The secret of a new one is shown once, and never again."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        # Before the verb and after it: every command takes --json at its end.
        also = ArgumentParser(add_help=False)
        also.add_argument("--json", action="store_true", default=SUPPRESS, help=SUPPRESS)
        make = verbs.add_parser("make", parents=[also], help="Makes one.")
        make.add_argument("name", help="Which program has it.")
        make.add_argument("--by", required=True, metavar="USER", help="Who makes it: an administrator.")
        make.add_argument("--for", required=True, dest="person", metavar="USER", help="Whom it acts for.")
        make.add_argument(
            "--scope",
            action="append",
            required=True,
            choices=BY_NAME,
            metavar="SCOPE",
            dest="scopes",
            help=f"What it may do. May be given several times: {', '.join(BY_NAME)}.",
        )
        whose = "Only for this client. May be given several times. Left out: for all clients of the person."
        make.add_argument("--client", action="append", default=[], metavar="NAME", dest="clients", help=whose)
        make.add_argument("--days", type=int, default=90, help="How long it works. Left out: 90 days.")
        verbs.add_parser("list", parents=[also], help="Lists all.")
        revoke = verbs.add_parser("revoke", parents=[also], help="Ends one.")
        revoke.add_argument("token", metavar="ID", help="Which one. manage.py token list shows them.")
        revoke.add_argument("--by", required=True, metavar="USER", help="Who revokes it: an administrator.")

    def handle(self, *args: Any, **options: Any) -> None:
        {"make": self.make, "list": self.list, "revoke": self.revoke}[options["verb"]](options)

    def make(self, options: dict[str, Any]) -> None:
        token, secret = Token.objects.make(
            by=person(options["by"]),
            person=person(options["person"]),
            name=options["name"],
            scopes=options["scopes"],
            clients=[client_named(name) for name in options["clients"]],
            expires_at=timezone.now() + timedelta(days=options["days"]),
        )
        self.answer(options, document(token) | {"secret": secret}, [secret])

    def list(self, options: dict[str, Any]) -> None:
        rows = Token.objects.select_related("person").prefetch_related("clients")
        documents = [document(token) for token in rows]
        self.answer(options, documents, lines(documents))

    def revoke(self, options: dict[str, Any]) -> None:
        token = Token.objects.filter(pk=whole_number(options["token"], "token")).first()
        if token is None:
            raise Refused(f"There is no token {options['token']}. manage.py token list names them.")
        token.revoke(by=person(options["by"]))
        self.answer(options, document(token), [f"Revoked. {token.name} opens nothing any more."])


def client_named(name: str) -> Client:
    client = Client.objects.filter(name=name).first()
    if client is None:
        raise Refused(f"There is no client “{name}”.")
    return client


def document(token: Token) -> dict[str, Any]:
    return {
        "id": token.pk,
        "name": token.name,
        "for": token.person.get_username(),
        "hint": token.hint,
        "scopes": token.scopes,
        "clients": [str(client) for client in token.clients.all()] if token.limited else None,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
        "last_used_at": token.last_used_at,
    }


def lines(documents: list[dict[str, Any]]) -> list[str]:
    if not documents:
        return ["No tokens. Make one: manage.py token make NAME --by ADMIN --for USER --scope drafts:write."]
    return table(HEADS, (row(each) for each in documents))


def row(each: dict[str, Any]) -> tuple[Any, ...]:
    ends = "revoked" if each["revoked_at"] else f"{each['expires_at']:%Y-%m-%d}"
    used = f"{each['last_used_at']:%Y-%m-%d %H:%M} UTC" if each["last_used_at"] else "never"
    clients = "all" if each["clients"] is None else ", ".join(each["clients"])
    return (each["id"], each["name"], each["for"], f"…{each['hint']}", " ".join(each["scopes"]), clients, ends, used)
