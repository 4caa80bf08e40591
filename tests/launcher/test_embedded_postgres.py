"""The embedded server: where it runs, who may reach it, how it is shared, and what it survives."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from mskb.data_folder import PROJECT
from mskb.embedded_postgres import PostgresError, SharedServer, account
from mskb.embedded_postgres.server import Server

IS_ROOT = os.geteuid() == 0
as_root = pytest.mark.skipif(not IS_ROOT, reason="only root can act as another user")

USER = """
import sys
from pathlib import Path
from mskb.embedded_postgres import SharedServer
with SharedServer(Path(sys.argv[1]), durable=False) as server:
    print(server.url, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that everybody can pass, which pytest's own are not."""
    folder = Path(tempfile.mkdtemp(prefix="mskb-test-"))
    folder.chmod(0o755)
    yield folder
    end_server(folder)
    shutil.rmtree(folder)


@pytest.fixture
def empty(place: Path) -> Path:
    """A data folder before its first start."""
    folder = place / "data"
    folder.mkdir(mode=0o755)
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder after its first start, to be copied: making one takes longer than most tests."""
    folder = tmp_path_factory.mktemp("made")
    folder.chmod(0o755)
    with SharedServer(folder):
        pass
    return folder


@pytest.fixture
def data_dir(place: Path, made: Path) -> Path:
    """A data folder whose server was started once and stopped."""
    subprocess.run(["cp", "-a", made, place / "data"], check=True)
    return place / "data"


def end_server(folder: Path) -> None:
    """End a server that a test left running, so that the folder can go."""
    for process in psutil.process_iter(["name", "cmdline"]):
        if process.info["name"] == "postgres" and any(str(folder) in word for word in process.info["cmdline"] or []):
            process.kill()
            process.wait(10)


def shared(folder: Path) -> SharedServer:
    return SharedServer(folder, durable=False)


def server_process(folder: Path) -> psutil.Process | None:
    return Server(folder)._process()


def rows(url: str, query: str) -> list[tuple]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


class User:
    """Another process that shares in the server until it is told to leave, or killed."""

    def __init__(self, folder: Path, *, words: tuple[str, ...] = (), python: str = sys.executable) -> None:
        command = [*words, python, "-c", USER, str(folder)]
        self.process = subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()

    def leave(self) -> None:
        self.process.communicate(timeout=30)

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=30)


# --- Where ---------------------------------------------------------------------------------------------------------


def closed(place: Path) -> Path:
    """Below a home that only its owner enters."""
    (place / "home").mkdir(mode=0o700)
    return place / "home" / "data"


PLACES = {
    "plain": lambda place: place / "data",
    "closed to others": closed,
    "too long for a socket": lambda place: place / ("x" * 100) / ("y" * 100),
    "spaces and letters": lambda place: place / "Données für Ärzte 'a' \"b\" %c :@",
    "a comma, which libpq splits at": lambda place: place / "data, more",
}


@pytest.mark.parametrize("name", PLACES)
def test_serves_from_any_folder_and_changes_no_other(place: Path, name: str) -> None:
    folder = PLACES[name](place)
    folder.mkdir(parents=True, mode=0o750)
    above = [folder, *folder.parents]
    before = [(path.stat().st_mode, path.stat().st_uid) for path in above]
    with shared(folder) as server:
        assert rows(server.url, "SELECT 1") == [(1,)]
    with shared(folder) as server:
        assert rows(server.url, "SELECT 2") == [(2,)]
    assert [(path.stat().st_mode, path.stat().st_uid) for path in above] == before


def test_data_survive_a_restart(data_dir: Path) -> None:
    with shared(data_dir) as server, psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'β' AS letter")
    with shared(data_dir) as server:
        assert rows(server.url, "SELECT letter FROM kept") == [("β",)]


def test_a_socket_elsewhere_is_gone_after_the_last_user(place: Path) -> None:
    folder = PLACES["too long for a socket"](place)
    folder.mkdir(parents=True)
    places = []
    for _ in range(2):
        with shared(folder) as server:
            assert rows(server.url, "SELECT 1") == [(1,)]
            places.append(Path((folder / "socket_folder").read_text().strip()))
            assert stat.S_IMODE(places[-1].stat().st_mode) == 0o700
    assert not [path for path in places if path.exists()]


# --- Who -----------------------------------------------------------------------------------------------------------


def test_the_role_is_no_superuser_but_has_what_the_application_needs(data_dir: Path) -> None:
    with shared(data_dir) as server, psycopg.connect(server.url, autocommit=True) as connection:
        role = connection.execute("SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = 'mskb'")
        assert role.fetchone() == (False, True, False)
        for extension in ("unaccent", "pg_trgm", "btree_gin"):
            connection.execute(f"CREATE EXTENSION {extension}")
        connection.execute("CREATE DATABASE another")
        letters = connection.execute("SELECT lower('ΑÄ'), similarity('ΑΒΓ', 'αβγ')").fetchone()
        assert letters == ("αä", 1.0)


def test_nothing_listens_on_the_network_and_files_are_private(empty: Path) -> None:
    with shared(empty) as server:
        assert rows(server.url, "SHOW listen_addresses") == [("",)]
        for name in ("postgres", "run"):
            assert stat.S_IMODE((empty / name).stat().st_mode) == 0o700
        for name in ("database_password", "postgres.log", "users.lock", "start.lock"):
            assert stat.S_IMODE((empty / name).stat().st_mode) == 0o600


def test_the_socket_alone_opens_nothing(data_dir: Path) -> None:
    with shared(data_dir):
        for user in ("mskb", "postgres"):
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(host=str(data_dir / "run"), user=user, dbname="mskb", password="guess")


def test_data_are_durable_unless_asked_otherwise(data_dir: Path) -> None:
    with SharedServer(data_dir) as server:
        assert rows(server.url, "SHOW fsync") == [("on",)]
    with shared(data_dir) as server:
        assert rows(server.url, "SHOW fsync") == [("off",)]


@as_root
def test_root_runs_the_server_as_nobody_and_owns_the_rest(empty: Path) -> None:
    with shared(empty):
        assert server_process(empty).username() == "nobody"
        owners = {path.name: path.owner() for path in empty.iterdir()}
    assert owners.pop("postgres") == owners.pop("run") == "nobody"
    assert set(owners.values()) == {"root"}


@as_root
def test_the_server_gets_a_capability_only_where_folders_are_closed(place: Path) -> None:
    if b"embedded" not in os.fsencode(account.programs()) or not is_passable(account.programs()):
        pytest.skip("the programs themselves lie below a closed folder")
    for name, expected in (("plain", False), ("closed to others", True)):
        folder = PLACES[name](place)
        folder.mkdir(parents=True)
        with shared(folder):
            state = Path(f"/proc/{server_process(folder).pid}/status").read_text()
        effective = int(state.split("CapEff:\t")[1].split()[0], 16)
        assert bool(effective) is expected


def is_passable(path: Path) -> bool:
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in path.parents)


@as_root
@pytest.mark.parametrize("uid", [65534, 54321], ids=["an account", "a number without an account"])
def test_an_ordinary_user_runs_a_server_and_root_joins_it(empty: Path, uid: int) -> None:
    os.chown(empty, uid, uid)
    words = ("setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", "--")
    reach = [*words, sys.executable, "-c", f"import mskb, psycopg, os; assert os.getuid() == {uid}"]
    if subprocess.run(reach, cwd=PROJECT, capture_output=True, check=False).returncode != 0:
        pytest.skip("another user cannot reach this Python or the project")
    user = User(empty, words=words)
    assert user.url, "the user got no server"
    user.leave()
    with shared(empty) as server:
        assert server_process(empty).uids().real == uid
        assert rows(server.url, "SELECT 1") == [(1,)]


# --- Shared --------------------------------------------------------------------------------------------------------


def test_the_last_one_out_stops_it(data_dir: Path) -> None:
    first = User(data_dir)
    running = server_process(data_dir)
    with shared(data_dir) as second:
        assert server_process(data_dir) == running
        first.leave()
        assert rows(second.url, "SELECT 1") == [(1,)]
    assert not running.is_running()
    assert not (data_dir / "postgres" / "postmaster.pid").exists()


def test_several_starting_at_once_get_one_server(empty: Path) -> None:
    command = [sys.executable, "-c", USER, str(empty)]
    users = [
        subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    urls = {user.stdout.readline().strip() for user in users}
    assert len(urls) == 1
    assert rows(urls.pop(), "SELECT 1") == [(1,)]
    for user in users:
        user.communicate(timeout=30)
    assert server_process(empty) is None


def test_a_forked_child_does_not_leave_for_its_parent(data_dir: Path) -> None:
    with shared(data_dir) as server:
        child = os.fork()
        if child == 0:
            server.leave()
            os._exit(0)
        os.waitpid(child, 0)
        assert rows(server.url, "SELECT 1") == [(1,)]


# --- Healed --------------------------------------------------------------------------------------------------------


def test_the_server_of_a_killed_user_is_taken_over_and_stopped(data_dir: Path) -> None:
    user = User(data_dir)
    running = server_process(data_dir)
    user.kill()
    assert running.is_running()
    with shared(data_dir) as server:
        assert server_process(data_dir) == running
        assert rows(server.url, "SELECT 1") == [(1,)]
    assert not running.is_running()


def test_a_killed_server_is_started_again_with_everything_committed(data_dir: Path) -> None:
    killed = SharedServer(data_dir)
    session = psycopg.connect(killed.join(), autocommit=True)
    session.execute("CREATE TABLE kept AS SELECT 7 AS number")
    server_process(data_dir).kill()
    killed.leave()
    assert (data_dir / "postgres" / "postmaster.pid").exists()
    with shared(data_dir) as server:
        assert rows(server.url, "SELECT number FROM kept") == [(7,)]
    session.close()


def test_a_user_starts_a_killed_server_again_at_the_same_address(data_dir: Path) -> None:
    with shared(data_dir) as server:
        assert not server.heal()
        killed = server_process(data_dir)
        killed.kill()
        killed.wait()
        assert server.heal()
        assert not server.heal()
        assert rows(server.url, "SELECT 1") == [(1,)]
    assert server_process(data_dir) is None


def test_a_stranger_with_the_old_servers_number_is_left_alone(data_dir: Path) -> None:
    with shared(data_dir):
        content = (data_dir / "postgres" / "postmaster.pid").read_text()
        lock = (data_dir / "run" / ".s.PGSQL.5432.lock").read_text()
    stranger = subprocess.Popen(["sleep", "60"])
    for path, text in ((data_dir / "postgres/postmaster.pid", content), (data_dir / "run/.s.PGSQL.5432.lock", lock)):
        path.write_text(text.replace(text.split("\n", 1)[0], str(stranger.pid), 1))
    with shared(data_dir) as server:
        assert rows(server.url, "SELECT 1") == [(1,)]
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_a_server_without_its_socket_is_replaced(data_dir: Path) -> None:
    user = User(data_dir)
    lost = server_process(data_dir)
    user.kill()
    shutil.rmtree(data_dir / "run")
    with shared(data_dir) as server:
        assert rows(server.url, "SELECT 1") == [(1,)]
    assert not lost.is_running()


def test_an_interrupted_first_start_is_made_again(empty: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", USER, str(empty)], cwd=PROJECT, stdin=subprocess.PIPE)
    deadline = time.monotonic() + 30
    while not list(empty.glob("postgres.new-*/base")) and time.monotonic() < deadline:
        time.sleep(0.005)
    process.kill()
    process.wait()
    assert not (empty / "postgres").exists()
    with shared(empty) as server:
        assert rows(server.url, "SELECT 1") == [(1,)]


# --- Refused -------------------------------------------------------------------------------------------------------


def test_no_programs_for_this_platform_names_the_way_out(monkeypatch: pytest.MonkeyPatch, empty: Path) -> None:
    account.programs.cache_clear()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(PostgresError, match="DATABASE_URL"):
        shared(empty).join()
    account.programs.cache_clear()


def test_a_failed_start_shows_the_end_of_the_log_and_gives_the_share_back(data_dir: Path) -> None:
    with shared(data_dir):
        pass
    conf = data_dir / "postgres" / "postgresql.conf"
    good = conf.read_text()
    conf.write_text(good + "\nshared_buffers = nonsense\n")
    with pytest.raises(PostgresError, match="shared_buffers"):
        shared(data_dir).join()
    conf.write_text(good)
    with shared(data_dir) as server:
        assert rows(server.url, "SELECT 1") == [(1,)]
    assert server_process(data_dir) is None


def test_a_password_file_that_does_not_fit_is_named(data_dir: Path) -> None:
    with shared(data_dir):
        pass
    (data_dir / "database_password").write_text("another\n")
    with pytest.raises(PostgresError, match="database_password"):
        shared(data_dir).join()
    assert server_process(data_dir) is None


def test_a_folder_that_is_missing_is_named(place: Path) -> None:
    with pytest.raises(PostgresError, match="nowhere"):
        shared(place / "nowhere").join()


@pytest.mark.skipif(IS_ROOT, reason="root may write everywhere")
def test_a_folder_that_is_not_writable_is_named(empty: Path) -> None:
    empty.chmod(0o500)
    with pytest.raises(PostgresError, match="DATA_DIR"):
        shared(empty).join()
    empty.chmod(0o700)


def test_sigint_to_the_terminal_leaves_the_server_to_its_users(data_dir: Path) -> None:
    user = User(data_dir)
    running = server_process(data_dir)
    assert os.getpgid(running.pid) != os.getpgid(user.process.pid)
    user.process.send_signal(signal.SIGINT)
    user.process.wait(30)
    assert not running.is_running()
    user.process.communicate()
