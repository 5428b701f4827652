"""Writing an archive, and reading one that is not trusted yet. A plain tar: any machine opens it."""

import hashlib
import io
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sophia.backup.manifest import Manifest
from sophia.refusals import Refused

MANIFEST = "manifest.json"
"""The last part: an archive without it was not finished."""
CHUNK = 1 << 20


class Writer:
    def __init__(self, tar: tarfile.TarFile, manifest: Manifest):
        self.tar, self.manifest = tar, manifest

    def add(self, name: str, path: Path) -> None:
        """Hashed as it is read. Refused for a file that changes meanwhile."""
        with path.open("rb") as file:
            info = self.tar.gettarinfo(arcname=name, fileobj=file)
            info.uid, info.gid, info.mode = 0, 0, 0o600
            info.uname = info.gname = ""
            reading = Hashing(file)
            self.tar.addfile(info, reading)
        self.manifest.parts[name] = reading.digest.hexdigest()

    def close(self) -> None:
        text = self.manifest.as_bytes()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(text), 0o600
        self.tar.addfile(info, io.BytesIO(text))


class Hashing:
    """A file that is hashed while somebody reads it."""

    def __init__(self, file: IO[bytes]):
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        self.digest.update(data)
        return data


@contextmanager
def writing(path: Path, manifest: Manifest) -> Iterator[Writer]:
    """Under another name until it is complete and on the disk. Readable by its owner only."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            with tarfile.open(fileobj=file, mode="w") as tar:
                writer = Writer(tar, manifest)
                yield writer
                writer.close()
            file.flush()
            os.fsync(file.fileno())
        require_free(path)
        os.replace(partial, path)
        sync_folder(path.parent)
    except OSError as problem:
        raise Refused(f"The backup could not be written to {path}: {problem.strerror or problem}.") from problem
    finally:
        partial.unlink(missing_ok=True)


def require_free(path: Path) -> None:
    if path.exists():
        raise Refused(f"{path} is there already, and is not overwritten. Choose another name.")


def sync_folder(folder: Path) -> None:
    """So that the new name outlives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Archive:
    """An archive that was opened. Nothing of it is used before `verify`."""

    def __init__(self, tar: tarfile.TarFile):
        self.tar = tar
        self.members = {member.name: member for member in tar.getmembers()}
        if MANIFEST not in self.members:
            raise Refused("The archive has no manifest: it was not finished, or is no backup of Sophia.")
        self.manifest = Manifest.read(self.file(MANIFEST).read())

    def file(self, name: str) -> IO[bytes]:
        file = self.tar.extractfile(self.members[name])
        if file is None:
            raise Refused(f"{name} in the archive is no file.")
        return file

    def verify(self) -> None:
        """Every part is there, is what it was, and nothing else is."""
        if set(self.members) - {MANIFEST} != set(self.manifest.parts) or self.manifest.database not in self.members:
            raise Refused("The archive does not hold what its manifest names. It is damaged: use another backup.")
        for name, digest in self.manifest.parts.items():
            found = hashlib.sha256()
            copy(self.file(name), found.update)
            if found.hexdigest() != digest:
                raise Refused(f"{name} in the archive is damaged. Nothing was touched: use another backup.")

    def images(self) -> list[str]:
        return [name for name in self.manifest.parts if name.startswith("images/")]

    def extract(self, name: str, path: Path) -> None:
        """In one step: the file is there, complete, or it is not."""
        partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with partial.open("wb") as out:
                    copy(self.file(name), out.write)
                    out.flush()
                    os.fsync(out.fileno())
                os.replace(partial, path)
            finally:
                partial.unlink(missing_ok=True)
        except OSError as problem:
            raise Refused(f"{path} could not be written: {problem.strerror}. Solve that, then try again.") from problem


def copy(source: IO[bytes], take: object) -> None:
    assert callable(take)
    while data := source.read(CHUNK):
        take(data)


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    try:
        with untrusted(path) as tar:
            yield Archive(tar)
    except tarfile.TarError as problem:
        raise Refused(f"{path} is no backup of Sophia, or is cut short: {problem}. Nothing was touched.") from None


def untrusted(path: Path) -> tarfile.TarFile:
    try:
        return tarfile.open(path, "r:")
    except FileNotFoundError:
        raise Refused(f"There is no backup at {path}.") from None
    except OSError as problem:
        raise Refused(f"{path} cannot be read: {problem.strerror}.") from None
