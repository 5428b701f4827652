"""What goes in."""

from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import ConfigDict, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from sophia import fields
from sophia.api.values import Digest, Id, Label, MomentIn, Name, Sha256, Stored, Words


class Asking(Schema):
    """Nothing unknown, and nothing of another kind: a slip is told instead of being read some other way."""

    model_config = ConfigDict(extra="forbid", strict=True)

    @model_validator(mode="before")
    @classmethod
    def require_known(cls, given: Any) -> Any:
        """Pydantic forbids the others too, and does not say which there are."""
        names = fields.unknown(given, cls.model_fields) if isinstance(given, dict) else []
        if names:
            raise ValidationError.from_exception_data(cls.__name__, [unknown(name, cls) for name in names])
        return given


def unknown(name: str, where: type[Asking]) -> InitErrorDetails:
    said = {"said": fields.sentence(name, where.model_fields)}
    return {"type": PydanticCustomError("unknown", "{said}", said), "loc": (name,), "input": None}


class PictureIn(Asking):
    sha256: Sha256
    alt: Annotated[Stored, Field(max_length=5_000)] = ""


class NewDraft(Asking):
    account: Label
    text: Words = ""
    link: Annotated[Stored, Field(max_length=2000)] = ""
    images: Annotated[list[PictureIn], Field(max_length=20)] = []
    ref: Annotated[Name, Field(description="Your own id. The same ref again, with the same content, is once.")] = ""
    title: Name = ""
    source: Annotated[Name, Field(description="Where it comes from, for people.")] = ""
    suggested_at: MomentIn | None = None
    submit: Annotated[bool, Field(description="Ask for a decision at once.")] = False


class Edit(Asking):
    """What is left out, or null, stays."""

    digest: Digest
    text: Words | None = None
    link: Annotated[Stored, Field(max_length=2000)] | None = None
    images: Annotated[list[PictureIn], Field(max_length=20)] | None = None
    note: Words = ""


class Note(Asking):
    note: Words = ""


NO_NOTE = Note()


class RecoveryAsked(Asking):
    publication: Id
    reason: Annotated[Words, Field(min_length=1, description="Kept with the post.")]


class PauseAsked(Asking):
    """One of `client`, `platform`, `account` and `everything`."""

    reason: Annotated[Words, Field(min_length=1, description="The others see it on every page.")]
    client: Id | None = None
    platform: Literal["facebook", "instagram"] | None = None
    account: Label | None = None
    everything: bool = False


class LiftAsked(Asking):
    plan: Annotated[Stored, Field(max_length=64, description="`digest` of the plan that you saw.")]
