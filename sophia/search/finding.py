"""Finds drafts and publications by the words in them, or by an id, a ref or a link of theirs."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from approval.models import Draft
from publishing.forms import row_number
from publishing.models import Client, Publication, SocialAccount

LONGEST = 200
MOST_WORDS = 8
OF_DRAFTS = ("text", "title", "ref", "link")
OF_PUBLICATIONS = ("text", "link", "permalink", "post_id", "draft__title", "draft__ref")


@dataclass(frozen=True)
class Asked:
    """What was typed, made harmless. Words that are all to be found, each anywhere."""

    q: str
    client: int | None
    state: str

    @classmethod
    def of(cls, typed: Mapping[str, str]) -> "Asked":
        q = " ".join(typed.get("q", "").replace("\0", " ").split())[:LONGEST]
        return cls(q, row_number(typed.get("client", "")), typed.get("state", ""))

    @property
    def words(self) -> list[str]:
        return self.q.split()[:MOST_WORDS]

    @property
    def is_empty(self) -> bool:
        return not (self.q or self.client or self.state)


def drafts(asked: Asked) -> QuerySet[Draft]:
    """Newest first. None of them when a state of publications is asked for."""
    if asked.state and asked.state not in Draft.State.values:
        return Draft.objects.none()
    rows = Draft.objects.select_related("account__client", "author", "publication").prefetch_related("pictures__image")
    return narrowed(rows, asked, OF_DRAFTS)


def publications(asked: Asked) -> QuerySet[Publication]:
    if asked.state and asked.state not in Publication.State.values:
        return Publication.objects.none()
    rows = Publication.objects.select_related("account__client", "approved_by")
    return narrowed(rows.prefetch_related("pictures__image", "recoveries"), asked, OF_PUBLICATIONS)


def narrowed(rows: QuerySet[Any], asked: Asked, columns: Iterable[str]) -> QuerySet[Any]:
    if asked.client is not None:
        rows = rows.filter(account__client=asked.client)
    if asked.state:
        rows = rows.filter(state=asked.state)
    accounts = list(SocialAccount.objects.values_list("pk", "name", "external_id", "platform", "client__name"))
    for word in asked.words:
        rows = rows.filter(holding(word, columns, accounts))
    return rows.order_by("-pk")


def holding(word: str, columns: Iterable[str], accounts: Iterable[tuple[Any, ...]]) -> Q:
    """Accounts are few and looked through here: a join to them and their clients would cost each row."""
    spelled = spellings(word)
    matches = [Q(**{f"{column}__icontains": each}) for column in columns for each in spelled]
    named = [pk for pk, *names in accounts if word.casefold() in f"{' '.join(names)} {names[2]}:{names[1]}".casefold()]
    if named:
        matches.append(Q(account__in=named))
    if (number := row_number(word.removeprefix("#"))) is not None:
        matches.append(Q(pk=number))
    return reduce(or_, matches)


def spellings(word: str) -> set[str]:
    """SQLite ignores case in ASCII only: “Ó” is not “ó” to it."""
    return {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}


KINDS: dict[str, tuple[str, Callable[[Asked], QuerySet[Any]]]] = {
    "drafts": ("Drafts", drafts),
    "publications": ("Publications", publications),
}


def choices() -> dict[str, Any]:
    """For the filter."""
    return {
        "clients": Client.objects.all(),
        "states": [("Drafts", Draft.State.choices), ("Publications", Publication.State.choices)],
    }
