import io
import os
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from tqdm import tqdm

from articles import importers
from articles.actions import runs
from articles.actions.runs import Given
from articles.lib import vocabulary as vocab
from articles.management.report import ImportingCommand, Report, tell

STANDARD_INPUT = "-"
# Standard input up to here stays in memory, more goes to a file of its own.
SPOOLED = 50_000_000


class Command(ImportingCommand):
    help = "Import sources from files or folders, also inside .gz and .zip."

    def add_arguments(self, parser: ArgumentParser) -> None:
        formats = [format.name for format in importers.FORMATS]
        parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, a folder, or - for standard input")
        parser.add_argument("--format", choices=formats, help="read every file so, instead of recognising its content")
        super().add_arguments(parser)

    def bring_in(self, report: Report, options: dict[str, Any]) -> None:
        paths = [file for path in options["paths"] for file in _files(path)]
        if not paths:
            tell("There is no file to import.")
            return
        runs.heal()
        run = runs.start(
            by=None,
            origin=vocab.RunOrigin.COMMAND.value,
            files=[Given(_name(path), _size(path)) for path in paths],
            format=options["format"] or "",
            kind=options["kind"],
            interest=options["interest"],
        )
        with _Bar(paths) as bar:
            for done in runs.carry_out(run, open_file=lambda file: bar.watched(_open(paths[file.position]))):
                report.add(done, _shown(paths[done.file.position]))
                bar.record()


class _Bar:
    """A bar of bytes with rate and time left on a terminal, silence in a pipe."""

    def __init__(self, paths: list[Path | None]) -> None:
        sizes = [_size(path) for path in paths]
        total = sum(size for size in sizes if size is not None) if None not in sizes else None
        # disable=None: only on a terminal.
        self._bar = tqdm(total=total, desc="Importing", unit="B", unit_scale=True, disable=None)
        self._records = 0

    def __enter__(self) -> "_Bar":
        return self

    def __exit__(self, *error: object) -> None:
        self._bar.close()

    def watched(self, file: BinaryIO) -> BinaryIO:
        return io.BufferedReader(_Watched(file, self._bar))

    def record(self) -> None:
        self._records += 1
        self._bar.set_postfix_str(f"{self._records:,} records", refresh=False)


class _Watched(io.RawIOBase):
    """A file whose farthest place read is told to the bar; whoever begins again takes the bar back."""

    def __init__(self, file: BinaryIO, bar: "tqdm[Any]") -> None:
        self._file, self._bar, self._farthest = file, bar, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        place = self._file.seek(offset, whence)
        if place == 0:
            # Files are read once before, for their digest: a bar that was full already would tell nothing.
            self._bar.update(-self._farthest)
            self._farthest = 0
        return place

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]
        chunk = self._file.read(len(buffer))
        buffer[: len(chunk)] = chunk
        place = self._file.tell()
        self._bar.update(max(0, place - self._farthest))
        self._farthest = max(self._farthest, place)
        return len(chunk)

    def close(self) -> None:
        self._file.close()
        super().close()


def _files(named: str) -> list[Path | None]:
    """The files a path stands for; None is standard input. What cannot be listed stands for itself."""
    if named == STANDARD_INPUT:
        return [None]
    path = Path(named)
    if path.is_dir():
        return list(_inside(path, path.resolve()))
    return [path]


def _inside(folder: Path, root: Path) -> Iterator[Path]:
    """The folder's files in the order of their names: hidden ones left out, links that lead out of the root too."""
    try:
        listed = sorted(folder.iterdir(), key=lambda path: path.name)
    except OSError:
        listed = [folder]
    for path in listed:
        if path.name.startswith(".") or not path.resolve().is_relative_to(root):
            continue
        if path.is_dir() and path != folder:
            # A link to a folder inside would be walked twice, or without end.
            if not path.is_symlink():
                yield from _inside(path, root)
        else:
            yield path


def _shown(file: Path | None) -> str:
    return _printable(str(file)) if file else "standard input"


def _name(file: Path | None) -> str:
    return _printable(file.name) if file else "standard input"


def _printable(name: str) -> str:
    """A file name may hold any bytes; what is no UTF-8 becomes a question mark in a box."""
    return os.fsencode(name).decode("utf-8", "replace")


def _size(file: Path | None) -> int | None:
    try:
        return file.stat().st_size if file else None
    except OSError:
        return 0


def _open(file: Path | None) -> BinaryIO:
    """The file, able to seek. Raises OSError, with a plain message for what is no file."""
    if file is None:
        return _spooled(sys.stdin.buffer)
    if not file.exists():
        raise OSError(None, "there is no such file or folder")
    if not file.is_file():
        raise OSError(None, "it is a folder that cannot be listed, or no ordinary file")
    return file.open("rb")


def _spooled(stream: BinaryIO) -> BinaryIO:
    spooled = tempfile.SpooledTemporaryFile(SPOOLED)  # noqa: SIM115 (who reads it closes it)
    while chunk := stream.read(1 << 20):
        spooled.write(chunk)
    spooled.seek(0)
    return spooled  # type: ignore[return-value]
