"""The commands as processes: what they print, how they end, what they leave."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from mskb.data_folder import PROJECT
from mskb.embedded_postgres.server import Server
from tests.serving import free_port
from tests.waiting import until


def environment_of(data_dir: Path) -> dict[str, str]:
    """Nothing set but a data folder of the test's own and a free port."""
    unwanted = {"DATABASE_URL", "HOST", "SECRET_KEY", "DJANGO_SETTINGS_MODULE"}
    rest = {name: value for name, value in os.environ.items() if name not in unwanted}
    return {**rest, "DATA_DIR": str(data_dir), "PORT": str(free_port()), "DEMO": "0"}


@pytest.fixture
def fresh(tmp_path: Path) -> dict[str, str]:
    """The environment of a first start."""
    return environment_of(tmp_path / "data")


@pytest.fixture(scope="module")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The data folder and the output of a first start, made once."""
    data_dir = tmp_path_factory.mktemp("first") / "data"
    process = start(environment_of(data_dir))
    process.terminate()
    return data_dir, process.communicate(timeout=60)[0]


@pytest.fixture
def environment(first_start: tuple[Path, str], tmp_path: Path) -> dict[str, str]:
    """The environment of a later start, on data of the test's own."""
    subprocess.run(["cp", "-a", first_start[0], tmp_path / "data"], check=True)
    return environment_of(tmp_path / "data")


@pytest.fixture
def running(environment: dict[str, str]) -> Iterator[subprocess.Popen]:
    """`make run` without make, until the test stops it."""
    process = start(environment)
    yield process
    if process.poll() is None:
        process.terminate()
    process.communicate(timeout=60)


def start(environment: dict[str, str]) -> subprocess.Popen:
    command = [sys.executable, "-m", "mskb.run"]
    process = subprocess.Popen(
        command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    until(lambda: answers(environment["PORT"]) or process.poll() is not None, seconds=90)
    return process


def answers(port: str, page: str = "/healthz") -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{page}", timeout=5) as response:
            return response.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def worker_of(process: subprocess.Popen, *, other_than: psutil.Process | None = None) -> psutil.Process:
    """The background worker, once it is there."""
    found: list[psutil.Process] = []

    def is_there() -> bool:
        found[:] = [child for child in psutil.Process(process.pid).children() if is_worker(child)]
        return bool(found) and found != [other_than]

    assert until(is_there)
    return found[0]


def is_worker(process: psutil.Process) -> bool:
    try:
        return process.cmdline()[1:3] == ["manage.py", "worker"]
    except psutil.Error:
        return False


def run(*words: str, environment: dict[str, str]) -> subprocess.CompletedProcess:
    command = [sys.executable, *words]
    return subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def database_runs(environment: dict[str, str]) -> bool:
    return (Path(environment["DATA_DIR"]) / "postgres" / "postmaster.pid").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_run_serves_until_it_is_told_to_stop(
    environment: dict[str, str], running: subprocess.Popen, number: int
) -> None:
    assert answers(environment["PORT"])
    running.send_signal(number)
    output, _ = running.communicate(timeout=60)
    assert running.returncode == 0, output
    assert not answers(environment["PORT"])
    assert not database_runs(environment)
    assert (Path(environment["DATA_DIR"]) / "postgres" / "PG_VERSION").exists()
    assert f"http://127.0.0.1:{environment['PORT']}/admin/" in output


def test_a_long_query_reaches_the_application_and_a_boundless_one_does_not(
    environment: dict[str, str], running: subprocess.Popen
) -> None:
    page = f"http://127.0.0.1:{environment['PORT']}/claims/?q="
    answers_to = {length: status_and_server(page + "a" * length) for length in (10_000, 100_000)}
    assert answers_to == {10_000: (400, "application"), 100_000: (414, "server")}


def status_and_server(url: str) -> tuple[int, str]:
    """The status, and whether the application's headers show that it answered."""
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(url, timeout=30)
    return caught.value.code, "application" if "Content-Security-Policy" in caught.value.headers else "server"


def test_the_first_administrator_is_made_once_with_a_password_shown_once(
    first_start: tuple[Path, str], environment: dict[str, str], running: subprocess.Popen
) -> None:
    made = [line for line in first_start[1].splitlines() if line.startswith("Administrator made")]
    password = made[0].rsplit(" ", 1)[1]
    assert len(password) >= 16
    running.terminate()
    output, _ = running.communicate(timeout=60)
    assert "Administrator made" not in output
    kept = [path for path in first_start[0].rglob("*") if path.is_file()]
    assert kept
    assert not [path for path in kept if password.encode() in path.read_bytes()]


def test_a_killed_run_is_followed_by_a_clean_one(environment: dict[str, str], running: subprocess.Popen) -> None:
    running.kill()
    running.wait()
    orphan = Server(Path(environment["DATA_DIR"]))._process()
    assert orphan is not None
    assert until(lambda: not answers(environment["PORT"]))
    process = start(environment)
    assert answers(environment["PORT"])
    process.terminate()
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    assert not orphan.is_running()


def test_the_worker_runs_beside_is_started_again_when_killed_and_stopped(running: subprocess.Popen) -> None:
    first = worker_of(running)
    first.kill()
    second = worker_of(running, other_than=first)
    running.terminate()
    output, _ = running.communicate(timeout=60)
    assert running.returncode == 0, output
    assert not second.is_running()
    assert output.count("The background worker ended") == 1


def test_the_worker_ends_with_a_killed_run(running: subprocess.Popen) -> None:
    worker = worker_of(running)
    # It answers to its parent's end once it has begun.
    assert until(lambda: worker.nice() > 0)
    running.kill()
    running.wait()
    assert until(lambda: not worker.is_running())


def test_a_killed_database_is_started_again_and_the_pages_go_on(
    environment: dict[str, str], running: subprocess.Popen
) -> None:
    killed = Server(Path(environment["DATA_DIR"]))._process()
    assert answers(environment["PORT"], "/readyz")
    killed.kill()
    assert until(lambda: not killed.is_running())
    assert until(lambda: answers(environment["PORT"], "/readyz"))
    running.terminate()
    output, _ = running.communicate(timeout=60)
    assert running.returncode == 0, output
    assert output.count("PostgreSQL was killed and has been started again") == 1
    assert not database_runs(environment)


def test_a_database_that_cannot_be_started_again_ends_the_run_loudly(
    environment: dict[str, str], running: subprocess.Popen
) -> None:
    data_dir = Path(environment["DATA_DIR"])
    (data_dir / "postgres" / "global").rename(data_dir / "postgres" / "lost")
    Server(data_dir)._process().kill()
    output, _ = running.communicate(timeout=60)
    assert running.returncode == 1
    assert "PostgreSQL did not start" in output


def test_a_taken_port_is_named_with_the_way_out_and_nothing_is_started(fresh: dict[str, str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(fresh["PORT"])))
        other.listen()
        result = run("-m", "mskb.run", environment=fresh)
    assert result.returncode == 1
    assert f"127.0.0.1:{fresh['PORT']}" in result.stderr
    assert "make run HOST=127.0.0.1 PORT=" in result.stderr
    assert not Path(fresh["DATA_DIR"]).exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "80000"),
        ("PORT", "http"),
        ("HOST", "no such host.invalid"),
        ("DATABASE_URL", "postgres://mskb:secret@127.0.0.1:1/mskb"),
        ("DATABASE_URL", "sqlite:///db.sqlite3"),
        ("DATABASE_URL", "::"),
        ("DEBUG", "maybe"),
        ("DATA_DIR", str(PROJECT / "pyproject.toml")),
    ],
)
def test_a_wrong_setting_is_named_without_a_traceback(fresh: dict[str, str], name: str, value: str) -> None:
    result = run("-m", "mskb.run", environment={**fresh, name: value})
    assert result.returncode == 1
    assert name in result.stderr or value in result.stderr
    assert "Traceback" not in result.stderr
    assert "secret" not in result.stderr


def test_manage_needs_no_server_for_help(fresh: dict[str, str]) -> None:
    assert run("manage.py", "migrate", "--help", environment=fresh).returncode == 0
    assert not (Path(fresh["DATA_DIR"]) / "postgres").exists()


def test_manage_shares_in_the_server_and_stops_it(environment: dict[str, str]) -> None:
    result = run("manage.py", "showmigrations", "--plan", environment=environment)
    assert result.returncode == 0, result.stderr
    assert "auth.0001_initial" in result.stdout
    assert not database_runs(environment)


def test_manage_that_is_terminated_leaves_no_server(environment: dict[str, str]) -> None:
    command = [sys.executable, "manage.py", "shell", "-c", "import time; print('in', flush=True); time.sleep(60)"]
    process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True)
    while "in" not in (line := process.stdout.readline()) and line:
        pass
    assert database_runs(environment)
    process.terminate()
    process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM
    assert not database_runs(environment)
