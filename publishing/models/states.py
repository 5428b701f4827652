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


class KnownBy(models.TextChoices):
    """How it is known which post on the platform a publication is."""

    ANSWER = "answer", "said by the platform when it went out"
    REFERENCE = "reference", "found by what only Sophia had prepared"
    PERSON = "person", "named by a person who saw it"
    LIKENESS = "likeness", "found by its words: nobody has confirmed it"


PROVED = [KnownBy.ANSWER, KnownBy.REFERENCE, KnownBy.PERSON]
"""Only what is known so may be deleted."""
