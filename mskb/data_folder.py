"""The folder that holds what this installation made: the database, its password, the secret key, collected files."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


class DataFolderError(Exception):
    """The data folder cannot be made, read or written; the message says which and what to do."""


def data_folder() -> Path:
    """The folder named by DATA_DIR, else `data` beside manage.py; made when missing.

    Only a folder made here gets a mode: nobody else may list it. Root's is passable (711), because PostgreSQL refuses
    to run as root and its account has to reach its own, closed subfolder.

    Raises DataFolderError.
    """
    folder = Path(os.environ.get("DATA_DIR") or PROJECT / "data").expanduser().absolute()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            folder.mkdir()
            folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    except OSError as error:
        raise DataFolderError(f"Cannot make the data folder {folder}: {error.strerror}. Set DATA_DIR.") from error
    if not folder.is_dir():
        raise DataFolderError(f"The data folder {folder} is not a folder. Set DATA_DIR.")
    return folder


def secret(path: Path) -> str:
    """The secret kept in the file `path` (mode 600); made at random the first time, safe against two at once.

    Raises DataFolderError.
    """
    try:
        if not path.exists():
            _write_once(path, secrets.token_hex(32))
        value = path.read_text("ascii").strip()
    except (OSError, ValueError) as error:
        raise DataFolderError(f"Cannot read or write {path}: {error}. Set DATA_DIR to a folder of your own.") from error
    if not value:
        raise DataFolderError(f"{path} is empty. Remove it: a new one is made.")
    return value


def _write_once(path: Path, text: str) -> None:
    """Write a whole new file; whoever comes second keeps the first one's."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(name, path)
    finally:
        Path(name).unlink()
