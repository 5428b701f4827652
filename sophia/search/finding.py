"""Finds drafts and publications by the words in them, or by an id, a ref or a link of theirs."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Collate, Lower
from django.db.models.lookups import Contains

from approval.models import Draft
from publishing.forms import row_number
from publishing.models import Client, Publication, SocialAccount
from publishing.platforms import likeness
from sophia.membership import Person

LONGEST = 200
MOST_WORDS = 8
MOST = 20_000
"""Matches of a kind. Nobody reads further; they ask for more words."""
OF_DRAFTS = ("text", "title", "ref", "link")
OF_PUBLICATIONS = ("text", "link", "permalink", "post_id", "draft__title", "draft__ref")


@dataclass(frozen=True)
class Asked:
    """What was typed, made harmless. Words that are all to be found, each anywhere."""

    person: Person
    q: str
    client: int | None
    state: str

    @classmethod
    def of(cls, person: Person, typed: Mapping[str, str]) -> "Asked":
        q = likeness.words(typed.get("q", "").replace("\0", " "))[:LONGEST]
        return cls(person, q, row_number(typed.get("client", "")), typed.get("state", ""))

    @property
    def words(self) -> list[str]:
        return self.q.split()[:MOST_WORDS]

    @property
    def is_empty(self) -> bool:
        return not (self.q or self.client or self.state)


def drafts(asked: Asked) -> QuerySet[Draft]:
    """None of them when a state of publications is asked for."""
    if asked.state and asked.state not in Draft.State.values:
        return Draft.objects.none()
    return narrowed(Draft.objects.visible_to(asked.person), asked, OF_DRAFTS)


def publications(asked: Asked) -> QuerySet[Publication]:
    if asked.state and asked.state not in Publication.State.values:
        return Publication.objects.none()
    return narrowed(Publication.objects.visible_to(asked.person), asked, OF_PUBLICATIONS)


def narrowed(rows: QuerySet[Any], asked: Asked, columns: Iterable[str]) -> QuerySet[Any]:
    if asked.client is not None:
        rows = rows.filter(account__client=asked.client)
    if asked.state:
        rows = rows.filter(state=asked.state)
    known = SocialAccount.objects.visible_to(asked.person)
    accounts = list(known.values_list("pk", "name", "external_id", "platform", "client__name"))
    for word in asked.words:
        rows = rows.filter(holding(word, columns, accounts))
    return rows.order_by("-pk")


def holding(word: str, columns: Iterable[str], accounts: Iterable[tuple[Any, ...]]) -> Q:
    """Accounts are few and looked through here: a join to them and their clients would cost each row."""
    matches = [in_column(column, each) for column in columns for each in spellings(word)]
    named = [pk for pk, *names in accounts if word.casefold() in f"{' '.join(names)} {names[2]}:{names[1]}".casefold()]
    if named:
        matches.append(Q(account__in=named))
    if (number := row_number(word.removeprefix("#"))) is not None:
        matches.append(Q(pk=number))
    return reduce(or_, matches)


def in_column(column: str, word: str) -> Q:
    """In capitals or not, as far as ASCII goes. PostgreSQL takes twice as long when it heeds all letters."""
    if connection.vendor != "postgresql":
        return Q(**{f"{column}__icontains": word})
    return Q(Contains(Lower(Collate(F(column), "C")), re.sub("[A-Z]+", lambda capitals: capitals[0].lower(), word)))


def spellings(word: str) -> set[str]:
    """The databases ignore case in ASCII only: “Ó” is not “ó” to them, nor an “o” with an accent behind it."""
    if word.isascii():
        return {word}
    cases = {word, word.lower(), word.upper(), word.capitalize()}
    return cases | {unicodedata.normalize("NFD", each) for each in cases}


@dataclass(frozen=True)
class Kind:
    title: str
    found: Callable[[Asked], QuerySet[Any]]
    whole: QuerySet[Any]
    """With everything that a list shows of a row."""

    def ids(self, asked: Asked) -> list[int]:
        """Newest first. Only ids: PostgreSQL would join every match to its account before it counts or cuts."""
        return list(self.found(asked).values_list("pk", flat=True)[:MOST])

    def rows(self, ids: Sequence[int]) -> list[Any]:
        found = self.whole.in_bulk(ids)
        return [found[pk] for pk in ids if pk in found]


KINDS = {
    "drafts": Kind(
        "Drafts",
        drafts,
        Draft.objects.select_related("account__client", "author", "publication").prefetch_related("pictures__image"),
    ),
    "publications": Kind(
        "Publications",
        publications,
        Publication.objects.select_related("account__client", "approved_by", "draft").prefetch_related("pictures"),
    ),
}


def choices(person: Person) -> dict[str, Any]:
    """For the filter."""
    return {
        "clients": Client.objects.visible_to(person),
        "states": [("Drafts", Draft.State.choices), ("Publications", Publication.State.choices)],
    }
