"""Where the images of an import come from."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.contrib.auth.models import User

from publishing import images
from publishing.models import Image
from sophia.refusals import Refused
from sophia.tokens.models import Token


class Shelf(Protocol):
    def image(self, name: str) -> Image:
        """Refused, with a sentence, when there is none of this name, or it is not one that Sophia takes."""


@dataclass(frozen=True)
class Folder:
    """Of the files on this machine those in this folder, and none that a path or a symbolic link names elsewhere."""

    path: Path
    by: User | None = None
    token: Token | None = None

    def image(self, name: str) -> Image:
        try:
            root = self.path.resolve()
            file = (root / name).resolve()
            if not file.is_relative_to(root):
                raise Refused(f"{name} lies outside the folder of images. Put it into {root}, or below.")
            if not file.is_file():
                raise Refused(f"There is no image {name} in {root}.")
            with file.open("rb") as opened:
                data = opened.read(images.MAX_UPLOAD + 1)
            return images.store(data, Path(name).name, by=self.by, token=self.token)
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
