"""Files of imports that are carried out later: in the data folder, under the number of their import."""

import hashlib
import shutil
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from articles.models import ImportFile, ImportRun


class FileGone(Exception):
    """The stored file is no longer there."""


def keep(*, run: ImportRun, position: int, content: BinaryIO) -> tuple[str, int, str]:
    """Store a file. Returns where (within the data folder), its size in bytes and its SHA-256."""
    folder = _root() / str(run.pk)
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / str(position)
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as file:
        while chunk := content.read(1 << 20):
            file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return str(path.relative_to(settings.DATA_DIR)), size, digest.hexdigest()


def open_stored(file: ImportFile) -> BinaryIO:
    """The stored file. Raises FileGone."""
    path = (Path(settings.DATA_DIR) / file.stored_as).resolve()
    if not file.stored_as or not path.is_relative_to(_root().resolve()):
        raise FileGone
    try:
        return path.open("rb")
    except OSError as error:
        raise FileGone from error


def discard(run: ImportRun) -> None:
    """Remove the stored files of an import that has ended; the entries stay."""
    shutil.rmtree(_root() / str(run.pk), ignore_errors=True)


def _root() -> Path:
    root = Path(settings.DATA_DIR) / "imports"
    root.mkdir(mode=0o700, exist_ok=True)
    return root
