"""Something that should not be so."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """`key` names the fact itself, so that it is told once. `to_do` says what a person does about it."""

    key: str
    sentence: str
    to_do: str
    link: str = ""
    client: int | None = None
    """The id of the client it is about, where it is about one."""
