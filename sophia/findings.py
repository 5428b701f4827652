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
    ill: bool = True
    """Publishing or taking down does not work, or may not. Otherwise somebody should look when there is time."""
    word: str = ""

    @property
    def problem(self) -> str:
        """A short word for anybody who asks: it names no client and no post."""
        return self.word or self.kind

    @property
    def kind(self) -> str:
        return self.key.partition(":")[0]
