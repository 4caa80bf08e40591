"""Every sample, damaged: cut anywhere, bytes changed, two files joined. What comes out are records and `ParseError`."""

import contextlib
import gzip
import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import importers
from articles.importers import Found
from articles.importers.record import ParseError
from tests.importers import soundness

SAMPLES = sorted((Path(__file__).parents[1] / "samples").glob("*/*.txt"))
NAMES = [None, *(form.name for form in importers.FORMATS)]
# Of the processor, for a file of a few kB; a hang takes as long as one waits.
MOST_SECONDS = 5

sample = st.sampled_from(SAMPLES).map(Path.read_bytes)
name = st.sampled_from(NAMES)


def survive(data: bytes, name: str | None) -> None:
    """Reads a file to its end; whatever is in it, nothing but `ParseError` may come out, and soon."""
    started = time.process_time()
    with contextlib.suppress(ParseError):
        for found in importers.scan(io.BytesIO(data), format=name):
            read(found)
    assert time.process_time() - started < MOST_SECONDS


def read(found: Found) -> None:
    assert found.problem or found.raw
    with contextlib.suppress(ParseError):
        soundness.check(found.read())


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_sample_is_sound(path: Path):
    for found in importers.scan(io.BytesIO(path.read_bytes())):
        soundness.check(found.read())


@settings(deadline=None, max_examples=120)
@given(sample, st.integers(0, 100_000), st.integers(0, 100_000), name)
def test_a_stretch_of_a_sample(data: bytes, start: int, end: int, name: str | None):
    survive(data[start % (len(data) + 1) :][: end % (len(data) + 1)], name)


@settings(deadline=None, max_examples=120)
@given(sample, st.integers(0, 100_000), name)
def test_sample_cut_at_any_byte(data: bytes, end: int, name: str | None):
    survive(data[: end % (len(data) + 1)], name)


@settings(deadline=None, max_examples=150)
@given(sample, st.lists(st.tuples(st.integers(0, 100_000), st.integers(0, 255)), min_size=1, max_size=6), name)
def test_sample_with_bytes_changed(data: bytes, changes: list[tuple[int, int]], name: str | None):
    changed = bytearray(data)
    for place, byte in changes:
        changed[place % len(data)] = byte
    survive(bytes(changed), name)


@settings(deadline=None, max_examples=120)
@given(sample, st.integers(0, 100_000), st.integers(0, 200), st.integers(1, 50), name)
def test_sample_with_a_stretch_said_again(data: bytes, start: int, length: int, times: int, name: str | None):
    place = start % len(data)
    survive(data[:place] + data[place : place + length] * times + data[place:], name)


@settings(deadline=None, max_examples=120)
@given(sample, sample, st.sampled_from([b"", b"\n", b"\r\n\r\n", b"\xef\xbb\xbf", b"\0", b"\x1a"]), name)
def test_two_samples_joined(one: bytes, other: bytes, between: bytes, name: str | None):
    survive(one + between + other, name)


def _zipped(data: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("one", data)
        made.writestr("two", data)
    return packed.getvalue()


PACKED = st.sampled_from([gzip.compress, _zipped, lambda data: _zipped(gzip.compress(data))])


@settings(deadline=None, max_examples=100)
@given(
    sample, PACKED, st.lists(st.tuples(st.integers(0, 100_000), st.integers(0, 255)), max_size=3), st.integers(0, 400)
)
def test_packed_sample_damaged(data: bytes, pack: Callable[[bytes], bytes], changes: list[tuple[int, int]], cut: int):
    packed = bytearray(pack(data))
    for place, byte in changes:
        packed[place % len(packed)] = byte
    survive(bytes(packed[: len(packed) - cut]), None)


@settings(deadline=None, max_examples=150)
@given(
    sample,
    st.sampled_from(["utf-16", "utf-32", "latin-1", "cp1252", "utf-8-sig", "utf-7"]),
    st.sampled_from(["\n", "\r", "\r\n"]),
)
def test_sample_in_another_encoding_and_with_other_line_ends(data: bytes, encoding: str, end: str):
    survive(data.decode("utf-8", "replace").replace("\n", end).encode(encoding, "replace"), None)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_change_nothing(path: Path, end: str):
    plain = path.read_bytes()
    other = plain.replace(b"\n", end.encode())
    (before,), (after,) = importers.read(plain), importers.read(other)
    assert after.document == before.document
    assert after.identifiers == before.identifiers
    assert after.contributors == before.contributors
    assert after.references == before.references


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_utf16_changes_nothing(path: Path):
    plain = path.read_text(encoding="utf-8-sig")
    (before,), (after,) = importers.read(plain.encode()), importers.read(plain.encode("utf-16"))
    assert after.document == before.document
    assert after.contributors == before.contributors


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_packing_changes_nothing_but_the_path(path: Path):
    plain = path.read_bytes()
    (before,) = importers.scan(io.BytesIO(plain))
    for packed in (gzip.compress(plain), _zipped(plain)):
        after = next(iter(importers.scan(io.BytesIO(packed))))
        assert after.fingerprint == before.fingerprint
        assert after.read() == before.read()
