"""Who may do what. Every verb that a person decides asks here, whatever door they came through."""

from django.contrib.auth.models import AbstractUser

from sophia.membership import sees, works_for
from sophia.refusals import NotAllowed

SUBMIT = "approval.change_draft"
APPROVE = "approval.approve_draft"
REVIEW = "approval.review_draft"
OPERATE = "publishing.operate_publication"
RECOVER = "publishing.recover_publication"
PAUSE = "publishing.add_pause"
SUBSCRIBE = "notifications.change_subscription"
CLIENT_LINK = "approval.add_clientlink"
TOKEN = "tokens.add_token"

MAY = {
    SUBMIT: "write and submit drafts",
    APPROVE: "approve drafts",
    REVIEW: "reject, skip or reopen drafts",
    OPERATE: "retry, reschedule, cancel or settle publications",
    RECOVER: "take posts down",
    PAUSE: "pause or resume publishing",
    SUBSCRIBE: "say where notices go",
    CLIENT_LINK: "make or revoke client links",
    TOKEN: "make or revoke API tokens",
}


def may(person: AbstractUser, permission: str, *, of: int | None) -> bool:
    """Whether they are active, hold `permission`, and work for the client with the id `of`. None: it is about none."""
    return person.has_perm(permission) and sees(person, of)


def require(by: AbstractUser, permission: str, *, of: int | None) -> None:
    """NotAllowed unless `by` `may`. Every verb says whose client it touches, so that none forgets to ask."""
    if not by.has_perm(permission):
        ask = "to do it" if permission == TOKEN else "for the operator role"
        raise NotAllowed(f"{by.get_username()} may not {MAY[permission]}. Ask an administrator {ask}.")
    if not sees(by, of):
        raise NotAllowed(f"{by.get_username()} does not work for this client. Ask an administrator.")


def require_all_clients(by: AbstractUser) -> None:
    """For what holds or frees posts of every client."""
    if works_for(by) is not None:
        raise NotAllowed(f"This concerns every client, and {by.get_username()} works for some. Ask somebody else.")
