"""Uploaded files wait here between the rehearsal and the confirmation: in the data folder, under random names.

What is confirmed is what was shown: the page carries only the name of the upload, never its content, and each file must
still have the digest it came with. Only the account that uploaded may go on.
"""

import hashlib
import json
import re
import secrets
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

KEPT_SECONDS = 24 * 60 * 60
TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
INDEX = "index.json"


class UploadGone(Exception):
    """There is no such upload of this account: it was confirmed, given up, or is older than a day."""


@dataclass(frozen=True)
class Kept:
    """An uploaded file: its name as it came, and where it waits."""

    name: str
    path: Path
    size: int


def keep(*, owner: int, files: Iterable[UploadedFile]) -> str:
    """Store the files; returns the name of the upload. Uploads older than a day are removed on the way."""
    _sweep()
    token = secrets.token_urlsafe(24)
    folder = _root() / token
    folder.mkdir(mode=0o700)
    index = [_store(file, folder / str(number)) for number, file in enumerate(files)]
    (folder / INDEX).write_text(json.dumps({"owner": owner, "files": index}), "utf-8")
    return token


def fetch(*, owner: int, token: str) -> list[Kept]:
    """The files, as uploaded. Raises UploadGone."""
    if not TOKEN.fullmatch(token):
        raise UploadGone
    folder = _root() / token
    try:
        index = json.loads((folder / INDEX).read_text("utf-8"))
        if index["owner"] != owner:
            raise UploadGone
        return [_kept(file, folder / str(number)) for number, file in enumerate(index["files"])]
    except OSError as error:
        raise UploadGone from error


def discard(*, token: str) -> None:
    """Remove an upload; nothing happens where it is gone."""
    if TOKEN.fullmatch(token):
        shutil.rmtree(_root() / token, ignore_errors=True)


def _root() -> Path:
    root = Path(settings.DATA_DIR) / "uploads"
    root.mkdir(mode=0o700, exist_ok=True)
    return root


def _store(file: UploadedFile, path: Path) -> dict[str, str]:
    digest = hashlib.sha256()
    with path.open("wb") as stored:
        for chunk in file.chunks():
            stored.write(chunk)
            digest.update(chunk)
    return {"name": file.name or "unnamed", "sha256": digest.hexdigest()}


def _kept(file: dict[str, str], path: Path) -> Kept:
    with path.open("rb") as stored:
        if hashlib.file_digest(stored, "sha256").hexdigest() != file["sha256"]:
            raise UploadGone
        return Kept(file["name"], path, stored.tell())


def _sweep() -> None:
    oldest = time.time() - KEPT_SECONDS
    for folder in _root().iterdir():
        if folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)
