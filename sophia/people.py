"""Who may do what. Every verb that a person decides asks here, whatever door they came through."""

from django.contrib.auth.models import AbstractUser

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


def require(by: AbstractUser, permission: str) -> None:
    """NotAllowed unless `by` is an active person who holds `permission`."""
    if not by.has_perm(permission):
        raise NotAllowed(f"{by.get_username()} may not {MAY[permission]}. Ask an administrator for the operator role.")
