"""The cluster on disk: made once, whole or not at all."""

import locale
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from mskb.embedded_postgres.account import ENVIRONMENT, Account, make_private_folder, programs, run_as
from mskb.embedded_postgres.errors import PostgresError

ROLE = DATABASE = "mskb"

# Not a superuser: it may make databases (for tests) and, as owner of its own, the trusted extensions
# unaccent, pg_trgm and btree_gin.
CREATE_ROLE = "CREATE ROLE {role} LOGIN CREATEDB PASSWORD '{password}';\nCREATE DATABASE {database} OWNER {role};\n"

# The superuser has no way in: its work is done here, in single-user mode.
ACCESS = f"local all {ROLE} scram-sha-256\n"


def make_cluster(cluster: Path, account: Account | None, password: str, *, durable: bool) -> None:
    """Make the cluster with role and database.

    It is made beside its place and moved there when whole, so that an interrupted start leaves nothing half-made.
    Raises PostgresError.
    """
    draft = _new_draft(cluster)
    make_private_folder(draft, account)
    words = [*run_as(account, draft), *_named(account)]
    _run([*words, programs() / "initdb", *_initdb_options(durable), "-D", draft])
    (draft / "pg_hba.conf").write_text(ACCESS)
    sql = CREATE_ROLE.format(role=ROLE, database=DATABASE, password=password)
    _run([*words, programs() / "postgres", "--single", "-D", draft, "-c", "exit_on_error=on", "postgres"], sql)
    draft.rename(cluster)


def _new_draft(cluster: Path) -> Path:
    """A folder of its own: the initdb of a start that was killed may still be writing into an older one."""
    for old in cluster.parent.glob(f"{cluster.name}.new-*"):
        shutil.rmtree(old, ignore_errors=True)
    return Path(tempfile.mkdtemp(dir=cluster.parent, prefix=f"{cluster.name}.new-"))


def _initdb_options(durable: bool) -> list[str]:
    options = ["--username=postgres", "--auth=reject", "--encoding=UTF8"]
    # The built-in locale knows letters of every script (Greek ones abound here) and sorts by code point, alike on every
    # system and after every upgrade of it; the operating system's locales differ or are missing. Only pg_trgm still
    # asks the system which characters are letters.
    options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", f"--lc-ctype={_letters()}"]
    return options if durable else [*options, "--no-sync"]


def _letters() -> str:
    """The system's plain locale that knows all letters, where it has one."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        return locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def _named(account: Account | None) -> list[str]:
    """Words that lend a name to a user number without an account, as containers have: these programs insist on one."""
    uid = account.uid if account else os.geteuid()
    known = pwd.getpwall()
    if not known or any(entry.pw_uid == uid for entry in known):
        return []
    return ["unshare", "--user", f"--map-user={known[-1].pw_uid}", f"--map-group={known[-1].pw_gid}", "--"]


def _run(command: list[str | Path], text: str = "") -> None:
    result = subprocess.run(
        command,
        cwd="/",
        env=ENVIRONMENT,
        input=text,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if result.returncode != 0:
        last = "\n".join(result.stdout.strip().splitlines()[-5:])
        raise PostgresError(f"Cannot make the PostgreSQL cluster:\n{last}")
