"""Making the virtual environment: the messages, and nothing installed twice."""

import subprocess
import sys
from pathlib import Path

import pytest

from mskb import environment
from mskb.data_folder import PROJECT


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of its own, whose pip is a program that notes that it was called."""
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\necho "$@" >> "{tmp_path}/calls"\n')
    python.chmod(0o755)
    (tmp_path / ".venv" / "made").touch()
    for name in ("requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text(f"# {name}\n")
    for name, value in {"PROJECT": tmp_path, "FOLDER": tmp_path / ".venv", "PYTHON": python}.items():
        monkeypatch.setattr(environment, name, value)
    monkeypatch.setattr(environment, "MADE", tmp_path / ".venv" / "made")
    return tmp_path


def calls(project: Path) -> int:
    noted = project / "calls"
    return len(noted.read_text().splitlines()) if noted.exists() else 0


def test_installs_once_per_content(project: Path) -> None:
    environment.main("requirements.txt")
    environment.main("requirements.txt")
    assert calls(project) == 1
    (project / "requirements.txt").write_text("# newer\n")
    environment.main("requirements.txt")
    assert calls(project) == 2


def test_development_packages_hold_those_for_running(project: Path) -> None:
    environment.main("requirements-dev.txt")
    environment.main("requirements.txt")
    assert calls(project) == 1


def test_only_hashed_packages_are_installed(project: Path) -> None:
    environment.main("requirements.txt")
    assert "--require-hashes" in (project / "calls").read_text()


def test_a_failed_installation_is_tried_again(project: Path) -> None:
    working = environment.PYTHON.read_text()
    environment.PYTHON.write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(SystemExit, match="index"):
        environment.main("requirements.txt")
    environment.PYTHON.write_text(working)
    environment.main("requirements.txt")
    assert calls(project) == 1


def test_a_python_that_is_too_old_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    with pytest.raises(SystemExit, match=r"3\.11 or later.* is 3\.9"):
        environment.check_python()


def test_a_python_without_venv_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="python3-venv"):
        environment.check_python()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_are_pinned_by_hash_and_name_no_index(name: str) -> None:
    text = (PROJECT / name).read_text()
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
    packages = [line for line in text.splitlines() if line and line[0].isalpha()]
    assert packages
    assert all("==" in line and line.endswith("\\") for line in packages)


def test_make_explains_itself() -> None:
    result = subprocess.run(["make", "help"], cwd=PROJECT, capture_output=True, text=True, check=True)
    for word in ("run", "test", "check", "bench", "clean"):
        assert f"make {word} " in result.stdout
