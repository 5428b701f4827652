"""Where the images of an import come from."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from publishing import images
from publishing.models import Image
from sophia.refusals import Refused


class Shelf(Protocol):
    def image(self, name: str) -> Image:
        """Refused, with a sentence, when there is none of this name, or it is not one that Sophia takes."""


@dataclass(frozen=True)
class Folder:
    path: Path

    def image(self, name: str) -> Image:
        file = self.path / name
        try:
            if not file.is_file():
                raise Refused(f"There is no image {name} in {self.path.resolve()}.")
            with file.open("rb") as opened:
                return images.store(opened.read(images.MAX_UPLOAD + 1), file.name)
        except OSError as wrong:
            raise Refused(f"{name} cannot be read: {wrong.strerror}.") from wrong


@dataclass(frozen=True)
class Uploaded:
    """Images that came with the file. Nothing on this machine's disk can be named."""

    kept: Mapping[str, Image]
    refused: Mapping[str, str]

    def image(self, name: str) -> Image:
        if name in self.refused:
            raise Refused(self.refused[name])
        if name not in self.kept:
            raise Refused(f"There is no image {name} among those that were uploaded with the file.")
        return self.kept[name]
