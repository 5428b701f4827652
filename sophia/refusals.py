"""What a verb says when it will not. The message is a sentence for the person who asked."""


class Refused(Exception):  # noqa: N818
    """The verb was not carried out and nothing changed."""


class NotAllowed(Refused):
    """This person may not do this."""


class WrongState(Refused):
    """The thing has moved on: somebody else was first, or it is too late, or too early."""


class ChangedUnderneath(Refused):
    """The draft on the reviewer's screen is not the draft in the database.

    `diff` maps each changed field to `[then, now]` where the earlier value is known.
    """

    def __init__(self, message: str, diff: dict[str, list[object]] | None = None):
        super().__init__(message)
        self.diff = diff or {}


class NotAcceptable(Refused):
    """The content breaks a limit of the platform, or a file is not what it says it is."""


class WantsReason(Refused):
    """It is done for whoever says why they mean it."""

    wants_reason = True
    """For pages, which then ask for it."""
    FIELD = "although"
    """Of forms and commands, in which the reason is given."""
    LABEL = "I mean it, because"
    ALONE = "Open it alone and give the reason there."
    """For where nobody can be asked for a reason."""
