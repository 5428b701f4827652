"""The states of a draft, and what decides between them."""

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from approval.models import Draft


class DraftState(models.TextChoices):
    DRAFT = "draft", "draft"
    IN_REVIEW = "in_review", "in review"
    APPROVED = "approved", "approved"
    REJECTED = "rejected", "rejected"
    SKIPPED = "skipped", "skipped"


DECIDED = [DraftState.APPROVED, DraftState.REJECTED, DraftState.SKIPPED]


def judged(draft: "Draft", **asked: Any) -> str:
    """What an approval makes of it: approved, or still in review after the first of two."""
    return DraftState.APPROVED if draft.publication else DraftState.IN_REVIEW


def is_decided(draft: "Draft") -> bool:
    return draft.state in DECIDED or draft.agreement is not None
