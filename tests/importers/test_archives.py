"""Files inside .gz and .zip: what is read, and what broken and hostile archives cannot do."""

import contextlib
import gzip
import io
import random
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator

import pytest

from articles import importers
from articles.importers import Found, archive
from articles.importers.record import ParseError

FIRST = b"TY  - JOUR\nTI  - Sample record about alpha\nER  - \n"
SECOND = FIRST.replace(b"alpha", b"beta")


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as made:
        for path, data in members:
            made.writestr(path, data)
    return packed.getvalue()


def scanned(data: bytes) -> list[Found]:
    return list(importers.scan(io.BytesIO(data)))


def titles(found: list[Found]) -> list[str]:
    return [one.read().title for one in found if not one.problem]


def problems(found: list[Found]) -> list[str]:
    return [one.problem for one in found if one.problem]


def many(number: int) -> bytes:
    """Records that do not pack well."""
    noise = random.Random(1)
    return b"".join(
        b"TY  - JOUR\nTI  - Sample %d\nAB  - %s\nER  - \n" % (place, noise.randbytes(40).hex().encode())
        for place in range(number)
    )


def test_members_are_read_in_order_with_their_paths():
    data = zipped(("a/one.ris", FIRST), ("a/", b""), ("__MACOSX/._one.ris", b"x"), (".DS_Store", b"x"), ("two", SECOND))
    found = scanned(data)
    assert titles(found) == ["Sample record about alpha", "Sample record about beta"]
    assert [(one.number, one.member) for one in found] == [(1, "a/one.ris"), (2, "two")]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_usual_methods_of_packing_are_read(method: int):
    assert titles(scanned(zipped(("one.ris", FIRST), method=method))) == ["Sample record about alpha"]


def test_gzip_of_several_parts_is_one_file():
    assert titles(scanned(gzip.compress(FIRST) + gzip.compress(SECOND))) == [
        "Sample record about alpha",
        "Sample record about beta",
    ]


def test_gzip_inside_zip_is_opened_and_fingerprints_are_those_of_the_plain_file():
    inside = scanned(zipped(("one.ris.gz", gzip.compress(FIRST))))
    assert titles(inside) == ["Sample record about alpha"]
    assert [one.fingerprint for one in inside] == [one.fingerprint for one in scanned(FIRST)]


@pytest.mark.parametrize("cut", [1, 8, 20, 1000, 20_000])
def test_truncated_gzip_gives_what_stands_before_and_says_that_it_is_cut(cut: int):
    data = gzip.compress(many(2_000), 1)
    found = scanned(data[:-cut])
    whole = titles(found)
    assert whole == [f"Sample {place}" for place in range(len(whole))]
    assert len(whole) >= 2_000 - 50 - cut // 10
    assert len(problems(found)) >= 1
    assert "cut off" in problems(found)[-1]


def test_truncated_gzip_of_one_document_is_no_document():
    page = b"A title\n\nThis page says in one sentence what eight words can say.\n" * 5_000
    with pytest.raises(ParseError, match="cut off"):
        importers.read(gzip.compress(page, 0)[:-5_000])


@pytest.mark.parametrize(
    "data", [b"\x1f\x8b", b"\x1f\x8b\x08", gzip.compress(FIRST, mtime=0)[:15], b"\x1f\x8b\x07" + bytes(20)]
)
def test_gzip_without_anything_readable_is_refused(data: bytes):
    with pytest.raises(ParseError, match=r"cut off|broken"):
        scanned(data)


def test_gzip_with_other_bytes_after_it_tells_them():
    found = scanned(gzip.compress(FIRST) + b"something else")
    assert titles(found) == ["Sample record about alpha"]
    assert "broken" in problems(found)[-1]


def test_gzip_bomb_is_stopped(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archive, "SMALL", 100_000)
    found = scanned(gzip.compress(FIRST + b"\n" * 10_000_000))
    assert titles(found) == ["Sample record about alpha"]
    assert "200 times" in problems(found)[-1]


def test_zip_bomb_of_many_members_is_stopped_as_a_whole(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archive, "SMALL", 1_000_000)
    found = scanned(zipped(*((f"{number}.ris", FIRST + b"\n" * 900_000) for number in range(20))))
    assert 2 <= len(titles(found)) <= 10
    assert sum("200 times" in problem for problem in problems(found)) >= 10


def test_archives_inside_archives_are_told_and_not_opened():
    bomb = zipped(("inner.zip", zipped(("innermost.zip", b"\n" * 1_000_000))), ("one.ris", FIRST))
    found = scanned(bomb)
    assert titles(found) == ["Sample record about alpha"]
    assert problems(found) == ["inner.zip: an archive inside an archive is not opened; unpack it first."]
    with pytest.raises(ParseError, match="inside an archive"):
        scanned(gzip.compress(bomb))
    with pytest.raises(ParseError, match="inside an archive"):
        scanned(gzip.compress(gzip.compress(FIRST)))


def test_members_that_lie_over_each_other_are_refused():
    """The same packed bytes named many times in the table of contents."""
    data = zipped(("a", many(100)))
    end = data.rfind(b"PK\x05\x06")
    start = struct.unpack_from("<L", data, end + 16)[0]
    entry = data[start:end]
    table = entry * 50
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 50, 50, len(table), start, 0)
    with pytest.raises(ParseError, match="lie over each other"):
        scanned(data[:start] + table + tail)


def test_too_many_members_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archive, "MOST_MEMBERS", 20)
    with pytest.raises(ParseError, match="at most 20"):
        scanned(zipped(*((str(number), b"") for number in range(21))))


def test_table_of_contents_that_would_fill_the_memory_is_not_read():
    data = FIRST + b"x" * 100
    table = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 3, 3, 900_000_000, 4, 0)
    with pytest.raises(ParseError, match="too many files"):
        scanned(b"PK\x03\x04" + data + table)


@pytest.mark.parametrize(
    "path", ["../one.ris", "/etc/one.ris", "a/../../one.ris", "C:\\one.ris", "..\\one.ris", "c:one"]
)
def test_paths_that_lead_out_are_told_and_not_read(path: str):
    found = scanned(zipped((path, FIRST), ("two.ris", SECOND)))
    assert titles(found) == ["Sample record about beta"]
    (problem,) = problems(found)
    assert "leads out of the archive" in problem


def test_path_that_is_too_long_is_told():
    (problem,) = problems(scanned(zipped(("a" * 600, FIRST))))
    assert "more than 500 characters" in problem
    assert len(problem) < 700


def test_link_inside_an_archive_is_not_followed():
    link = zipfile.ZipInfo("link.ris")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr(link, "/etc/passwd")
    (problem,) = problems(scanned(packed.getvalue()))
    assert "no format" in problem


def test_member_without_a_name_breaks_nothing():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr(zipfile.ZipInfo(""), FIRST)
    assert titles(scanned(packed.getvalue())) == ["Sample record about alpha"]


def with_flag(data: bytes, flag: int) -> bytes:
    """The archive with a flag set in its first header and in its table of contents."""
    changed = bytearray(data)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        changed[data.find(mark) + place] |= flag
    return bytes(changed)


def test_locked_member_is_told_and_the_others_are_read():
    found = scanned(with_flag(zipped(("secret.ris", FIRST), ("two.ris", SECOND)), 1))
    assert titles(found) == ["Sample record about beta"]
    assert problems(found) == ["secret.ris: it is locked with a password; unlock the archive first."]


def test_method_that_may_fill_the_memory_is_not_used():
    found = scanned(zipped(("one.ris", FIRST), method=zipfile.ZIP_LZMA))
    assert problems(found) == ["one.ris: it is packed by a method that is not read; pack it again in the usual way."]


def test_broken_member_is_told_and_the_others_are_read():
    data = bytearray(zipped(("one.ris", many(500)), ("two.ris", SECOND)))
    data[3_000] ^= 0xFF
    found = scanned(bytes(data))
    assert titles(found)[-1] == "Sample record about beta"
    assert any("broken" in problem for problem in problems(found))


@pytest.mark.parametrize("cut", [1, 22, 60, 200])
def test_truncated_zip_is_refused(cut: int):
    with pytest.raises(ParseError, match="ZIP archive is broken or cut off"):
        scanned(zipped(("one.ris", FIRST), ("two.ris", SECOND))[:-cut])


def test_empty_zip_is_told():
    with pytest.raises(ParseError, match="ZIP archive is empty"):
        scanned(zipped())


@pytest.mark.parametrize(
    ("names", "what"),
    [
        (["[Content_Types].xml", "word/document.xml"], r"Word document \(.docx\)"),
        (["[Content_Types].xml", "xl/workbook.xml"], r"Excel workbook \(.xlsx\)"),
        (["mimetype", "META-INF/container.xml"], r"e-book \(.epub\)"),
        (["mimetype", "content.xml"], "office document or e-book"),
        (["My.enl", "sdb/sdb.eni"], r"EndNote library \(.enlx\)"),
    ],
)
def test_documents_that_are_archives_are_named(names: list[str], what: str):
    with pytest.raises(ParseError, match=what):
        scanned(zipped(*((name, b"x") for name in names)))


def test_no_damage_to_an_archive_raises_anything_else():
    """Bytes changed and ends cut off, again and again."""
    noise = random.Random(7)
    whole = [zipped(("one.ris", many(30)), ("b/two.ris.gz", gzip.compress(SECOND))), gzip.compress(many(60))]
    for data in whole:
        for _try in range(400):
            damaged = bytearray(data)
            for _byte in range(noise.randint(1, 4)):
                damaged[noise.randrange(len(damaged))] = noise.randrange(256)
            del damaged[noise.choice((len(damaged), noise.randrange(len(damaged)))) :]
            with contextlib.suppress(ParseError):
                scanned(bytes(damaged))


class Stingy(io.RawIOBase):
    """A file that gives one byte at a time."""

    def __init__(self, data: bytes) -> None:
        self._inner = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, place: int, whence: int = 0) -> int:
        return self._inner.seek(place, whence)

    def readinto(self, buffer) -> int:
        return self._inner.readinto(memoryview(buffer)[:1])


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lambda data: zipped(("one.ris", data))])
def test_files_that_come_byte_by_byte_are_read(pack: Callable[[bytes], bytes]):
    assert titles(list(importers.scan(Stingy(pack(FIRST + SECOND))))) == titles(scanned(FIRST + SECOND))


class Shrinking(io.BytesIO):
    """A file that is cut off by somebody else while it is read."""

    def __init__(self, data: bytes, reads: int) -> None:
        super().__init__(data)
        self._reads = reads

    def read(self, size: int | None = -1, /) -> bytes:
        self._reads -= 1
        if self._reads == 0:
            self.truncate(len(self.getbuffer()) // 2)
        return super().read(size)


@pytest.mark.parametrize("reads", range(1, 8))
@pytest.mark.parametrize("pack", [bytes, lambda data: gzip.compress(data, 1), lambda data: zipped(("one.ris", data))])
def test_file_that_shrinks_gives_a_beginning_or_a_message(pack: Callable[[bytes], bytes], reads: int):
    def read() -> Iterator[Found]:
        with contextlib.suppress(ParseError):
            yield from importers.scan(Shrinking(pack(many(3_000)), reads))

    found = list(read())
    whole = titles([one for one in found if "Sample" in one.data.decode("utf-8", "replace") and b"ER  -" in one.data])
    assert whole == [f"Sample {place}" for place in range(len(whole))]
