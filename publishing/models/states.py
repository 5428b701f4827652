from django.db import models


class State(models.TextChoices):
    """Labels are words in the middle of a sentence."""

    QUEUED = "queued", "queued"
    PUBLISHING = "publishing", "publishing"
    PUBLISHED = "published", "published"
    UNCONFIRMED = "unconfirmed", "unconfirmed"
    FAILED = "failed", "failed"
    MISSED = "missed", "missed"
    HANDOFF = "handoff", "handoff"
    CANCELLED = "cancelled", "cancelled"
    RECOVERED = "recovered", "recovered"


CANCELLABLE = [State.QUEUED, State.MISSED, State.FAILED, State.HANDOFF]
"""Nothing of it can be public."""

NEEDING_A_PERSON = [State.MISSED, State.FAILED, State.HANDOFF]


AFLOAT = [State.QUEUED, State.PUBLISHING, State.UNCONFIRMED]
"""May still go out by itself, if only by coming back to the queue first."""


class Mode(models.TextChoices):
    AUTO = "auto", "Sophia publishes it"
    MANUAL = "manual", "A person posts it"
