"""Make the virtual environment `.venv` and install a requirements file into it, once per content of that file.

`python3 -m mskb.environment requirements.txt`. It runs on the system's Python, with the standard library alone.
"""

# So that a Python too old for these annotations gets as far as the message that says so.
from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
FOLDER = PROJECT / ".venv"
PYTHON = FOLDER / "bin" / "python"
MADE = FOLDER / "made"
OLDEST = (3, 11)


def main(name: str) -> None:
    """Bring the environment to what the requirements file says; waits for another process doing so."""
    check_python()
    with locked():
        if not (MADE.exists() and PYTHON.exists()):
            make()
        if not is_installed(PROJECT / name):
            install(PROJECT / name)


def check_python() -> None:
    """End with a message where this Python is too old or incomplete."""
    if sys.version_info < OLDEST:
        found = ".".join(str(part) for part in sys.version_info[:2])
        end(
            f"Python 3.11 or later is needed; {sys.executable} is {found}. Name a newer one: make run PYTHON=python3.12"
        )
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        end(
            f"{sys.executable} cannot make virtual environments: its modules venv and ensurepip are missing. "
            "On Debian and Ubuntu: apt-get install python3-venv"
        )


@contextmanager
def locked() -> Iterator[None]:
    """Hold the project's folder, so that two makes at once do not fight over the environment."""
    handle = os.open(PROJECT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another make to finish installing ...")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def make() -> None:
    """Make the environment anew; the mark comes last, so that an interrupted one is made again."""
    say("Making the virtual environment .venv ...")
    run([sys.executable, "-m", "venv", "--clear", FOLDER], "The virtual environment could not be made.")
    MADE.touch()


def install(requirements: Path) -> None:
    """Install exactly the files the requirements name by their hashes, and note what was installed."""
    say(f"Installing {requirements.name} ...")
    pip: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "-qq",
        "--no-input",
        "--disable-pip-version-check",
        "--require-hashes",
    ]
    run([*pip, "--requirement", requirements], "The packages could not be installed; is the package index reachable?")
    for contained in contained_in(requirements):
        stamp(contained).write_text(digest(contained))


def is_installed(requirements: Path) -> bool:
    """True when the file, as it is now, was installed into this environment."""
    return stamp(requirements).exists() and stamp(requirements).read_text() == digest(requirements)


def contained_in(requirements: Path) -> list[Path]:
    """The files installed with this one: the development packages hold the ones for running, in the same versions."""
    return [requirements, *([PROJECT / "requirements.txt"] if requirements.name == "requirements-dev.txt" else [])]


def stamp(requirements: Path) -> Path:
    """Where the digest of what was installed is noted."""
    return FOLDER / f"installed-{requirements.stem}"


def digest(requirements: Path) -> str:
    """The content of a requirements file, in short."""
    return hashlib.sha256(requirements.read_bytes()).hexdigest()


def run(command: list[str | Path], failure: str) -> None:
    """Run a command; end with the message when it fails."""
    if subprocess.run(command, check=False).returncode != 0:
        end(failure)


def say(text: str) -> None:
    """Tell whoever waits."""
    print(text, flush=True)


def end(text: str) -> None:
    """End the command with a message."""
    sys.exit(f"Error: {text}")


if __name__ == "__main__":
    main(sys.argv[1])
