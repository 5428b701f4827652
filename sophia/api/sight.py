"""What a token may see: what is of its clients. One line for each list."""

from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from approval.models import Draft
from publishing.models import Client, Pause, Publication, Recovery, SocialAccount
from publishing.models.account import SocialAccountQuerySet
from sophia.api.problems import Problem
from sophia.notifications.models import Notice
from sophia.refusals import Refused
from sophia.tokens.models import Token

Rows = TypeVar("Rows", bound=QuerySet[Any, Any])


def within(rows: Rows, token: Token, path: str) -> Rows:
    """Those whose client, which lies at `path`, is one of the token's."""
    only = token.client_ids()
    return rows if only is None else rows.filter(**{f"{path}__in": only})


def clients(token: Token) -> QuerySet[Client]:
    return within(Client.objects.all(), token, "pk")


def accounts(token: Token) -> SocialAccountQuerySet:
    return within(SocialAccount.objects.select_related("client"), token, "client")


def account(token: Token, label: str) -> SocialAccount:
    try:
        return accounts(token).named(label)
    except Refused:
        said = f"There is no account “{label}” for this token. GET /api/v1/accounts lists them."
        raise Problem("refused", said, "account") from None


def drafts(token: Token) -> QuerySet[Draft]:
    rows = Draft.objects.select_related("account__client", "author", "publication").prefetch_related("pictures")
    return within(rows, token, "account__client")


def publications(token: Token) -> QuerySet[Publication]:
    rows = Publication.objects.select_related("account__client", "approved_by").prefetch_related("pictures")
    return within(rows, token, "account__client")


def recoveries(token: Token) -> QuerySet[Recovery]:
    rows = Recovery.objects.select_related("publication__account", "requested_by", "executed_by")
    return within(rows, token, "publication__account__client")


def pauses(token: Token) -> QuerySet[Pause]:
    """Also those that hold several clients, because they hold its own."""
    rows = Pause.objects.select_related("client", "account", "started_by", "lifted_by")
    only = token.client_ids()
    if only is None:
        return rows
    return rows.filter(Q(client__in=only) | Q(account__client__in=only) | Q(client=None, account=None))


def notices(token: Token) -> QuerySet[Notice]:
    """A token that is limited to clients hears only about them, and nothing about the desk as a whole."""
    return within(Notice.objects.select_related("client"), token, "client")
