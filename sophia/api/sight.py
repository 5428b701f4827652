"""What a token may see: what is of its clients. One line for each list."""

from typing import Any, TypeVar

from approval.models import Draft, DraftQuerySet
from publishing.models import Client, Pause, Publication, Recovery, SocialAccount
from publishing.models.account import SocialAccountQuerySet
from publishing.models.client import ClientQuerySet
from publishing.models.pause import PauseQuerySet
from publishing.models.queue import PublicationQuerySet
from publishing.models.recovery import RecoveryQuerySet
from sophia.api.problems import Problem
from sophia.membership import Visible
from sophia.notifications.models import Notice
from sophia.notifications.models.notice import NoticeQuerySet
from sophia.refusals import Refused
from sophia.tokens.models import Token

Rows = TypeVar("Rows", bound=Visible[Any])


def within(rows: Rows, token: Token) -> Rows:
    """Those of the clients for which its person works, and where it is limited, of its own."""
    return rows.for_clients(token.client_ids())


def clients(token: Token) -> ClientQuerySet:
    return within(Client.objects.all(), token)


def accounts(token: Token) -> SocialAccountQuerySet:
    return within(SocialAccount.objects.select_related("client"), token)


def account(token: Token, label: str) -> SocialAccount:
    try:
        return accounts(token).named(label)
    except Refused:
        said = f"There is no account “{label}” for this token. GET /api/v1/accounts lists them."
        raise Problem("refused", said, "account") from None


def drafts(token: Token) -> DraftQuerySet:
    rows = Draft.objects.select_related("account__client", "author", "publication").prefetch_related("pictures")
    return within(rows, token)


def publications(token: Token) -> PublicationQuerySet:
    rows = Publication.objects.select_related("account__client", "approved_by").prefetch_related("pictures")
    return within(rows, token)


def recoveries(token: Token) -> RecoveryQuerySet:
    return within(Recovery.objects.select_related("publication__account", "requested_by", "executed_by"), token)


def pauses(token: Token) -> PauseQuerySet:
    """Also those that hold several clients, because they hold its own."""
    return within(Pause.objects.select_related("client", "account", "started_by", "lifted_by"), token)


def notices(token: Token) -> NoticeQuerySet:
    """A token that is limited to clients hears only about them, and nothing about the desk as a whole."""
    rows, ids = Notice.objects.select_related("client"), token.client_ids()
    return rows.filter(client__in=ids or ()) if token.limited else rows.for_clients(ids)
