"""The kinds of single values."""

from datetime import datetime
from typing import Annotated

from ninja import Field
from pydantic import AfterValidator, WithJsonSchema

from sophia.moments import EXAMPLE, within_horizon
from sophia.refusals import Refused

BIGGEST = 2**63 - 1


def stored(text: str) -> str:
    """PostgreSQL keeps no NUL, no database keeps half a character, and no platform takes either."""
    if "\0" in text:
        raise ValueError("This text holds a NUL character. Take it out.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("This text holds half of a surrogate pair, which is no character. Take it out.")
    return text


Stored = Annotated[str, AfterValidator(stored)]
Id = Annotated[int, Field(ge=1, le=BIGGEST)]
Name = Annotated[Stored, Field(max_length=200)]
Words = Annotated[Stored, Field(max_length=70_000)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the stored image, in hex.")]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="Stands for the content that you saw.")]
Label = Annotated[Stored, Field(max_length=130, description="An account, such as facebook:1001.")]


def aware(text: str) -> str:
    """ISO 8601 with an offset: what it means does not hang on anybody's clock."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None or "T" not in text.upper():
            raise ValueError
        within_horizon(moment)
    except Refused as refused:
        raise ValueError(str(refused)) from None
    except (ValueError, OverflowError):
        raise ValueError(f"Write a time with its offset, such as {EXAMPLE.rpartition(' ')[2]}.") from None
    return text


TIME = {"type": "string", "format": "date-time", "description": "ISO 8601, with an offset."}
Moment = Annotated[str, WithJsonSchema(TIME)]
MomentIn = Annotated[str, AfterValidator(aware), WithJsonSchema(TIME)]


def iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
