"""`import_sources`: exit codes, counts, problems with file and line."""

import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from articles import importers
from articles.management.commands import import_sources
from articles.models import Source, SourceListing

pytestmark = pytest.mark.django_db
SEEDS = Path(__file__).resolve().parents[2] / "shared" / "seeds"

Run = Callable[..., tuple[int, str, str]]


def page(title: str, words: str = "Our clinic offers stem cells. Patients can expect results.") -> str:
    return f"---\ntitle: {title}\ndate: 2021-05-01T10:00:00.000Z\n---\n{words}\n"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Exit code, standard output and standard error of the command."""

    def running(*words: Any) -> tuple[int, str, str]:
        code = 0
        try:
            call_command("import_sources", *(str(word) for word in words))
        except SystemExit as ended:
            code = int(ended.code or 0)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return running


def write(folder: Path, **files: str) -> Path:
    for name, content in files.items():
        (folder / f"{name}.md").write_text(content, "utf-8")
    return folder


def test_all_fine_and_again_unchanged(run: Run, tmp_path: Path) -> None:
    write(tmp_path, one=page("One"), two=page("Two"))
    code, out, err = run(tmp_path)
    assert (code, out, err) == (0, "2 created, 0 updated, 0 unchanged, 0 duplicates, 0 failed\n", "")
    assert SourceListing.objects.count() == 2
    assert run(tmp_path)[1].startswith("0 created, 0 updated, 2 unchanged")


class Bar:
    """What a terminal would show: how many bytes, at each record."""

    shown: list[int]

    def __init__(self, **options: Any) -> None:
        self.n, Bar.shown = 0, []

    def update(self, number: int) -> None:
        self.n += number

    def set_postfix_str(self, words: str, **options: Any) -> None:
        self.shown.append(self.n)

    def close(self) -> None:
        self.shown.append(self.n)


def test_the_bar_is_full_at_the_end_and_not_before(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_sources, "tqdm", Bar)
    record = "TY  - JOUR\nTI  - Title number {0}\nDO  - 10.9999/{0}\nN1  - {1}\nER  - \n\n"
    file = tmp_path / "many.ris"
    file.write_text("".join(record.format(number, "words " * 150) for number in range(1600)))
    assert run(file)[0] == 0
    assert 0 < Bar.shown[0] < file.stat().st_size
    assert Bar.shown[-1] == file.stat().st_size


def test_a_record_that_was_read_and_not_taken_is_named_with_its_line(run: Run, tmp_path: Path) -> None:
    record = "TY  - JOUR\nTI  - {}\nDO  - 10.9999/one\nER  - \n\n"
    file = tmp_path / "two.ris"
    file.write_text(record.format("Pain after a stroke") + record.format("Quite other words"))
    assert f"{file}: record 2, line 6: “Quite other words”: DOI 10.9999/one already belongs" in run(file)[2]


def test_a_changed_text_updates(run: Run, tmp_path: Path) -> None:
    run(write(tmp_path, one=page("One")))
    assert run(write(tmp_path, one=page("One", "Other words now.")))[1].startswith("0 created, 1 updated")
    assert Source.objects.get().versions.count() == 2


def test_one_bad_file_leaves_the_others(run: Run, tmp_path: Path) -> None:
    write(tmp_path, good=page("Good"), bad="---\ntitle: [unclosed\n---\nWords.\n")
    code, out, err = run(tmp_path)
    assert code == 1
    assert "1 created" in out
    assert "1 failed" in out
    problem = err.splitlines()
    assert len(problem) == 1
    assert problem[0].startswith(f"{tmp_path / 'bad.md'}: line ")


def test_json_is_one_object(run: Run, tmp_path: Path) -> None:
    write(tmp_path, a=page("One"), b=page("One", "Quite other words."), c="")
    code, out, _err = run(tmp_path, "--json")
    told = json.loads(out)
    assert code == 1
    assert list(told) == ["created", "updated", "unchanged", "duplicates", "failed", "problems"]
    assert [told[name] for name in list(told)[:5]] == [1, 0, 0, 1, 1]
    assert told["problems"] == [
        {"file": str(tmp_path / "c.md"), "record": 1, "line": None, "message": "The file is empty."}
    ]


def test_a_dry_run_tells_the_same_and_stores_nothing(run: Run, tmp_path: Path) -> None:
    write(tmp_path, a=page("One"), b=page("One", "Quite other words."))
    code, out, _err = run(tmp_path, "--dry-run")
    assert code == 0
    assert out.startswith("1 created, 0 updated, 0 unchanged, 1 duplicates, 0 failed (dry run")
    assert not Source.objects.exists()
    assert not SourceListing.objects.exists()


@pytest.mark.parametrize("name", ["nowhere.txt", "empty"])
def test_nothing_to_read_is_exit_code_2(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    code, _out, err = run(tmp_path / name)
    assert code == 2
    assert err.strip()
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("beginning", "message"),
    [("\0", "not a text file"), ("A page\n\nIts words say one thing, and then no more.\n", "20 MB")],
)
def test_a_document_of_200_mb_is_refused(run: Run, tmp_path: Path, beginning: str, message: str) -> None:
    large = tmp_path / "large.txt"
    large.write_text(beginning)
    with large.open("r+b") as file:
        file.truncate(200 * 1024**2)
    code, _out, err = run(large)
    assert code == 2
    assert f"{large}: " in err
    assert message in err


def test_a_binary_file_named_txt_and_broken_utf_8_name_the_place(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    (tmp_path / "b.txt").write_bytes(b"fine\nbroken \xff here")
    code, _out, err = run(tmp_path)
    assert code == 2
    assert "PNG" in err
    assert "line 2" in err


def test_a_folder_is_walked_in_order_without_hidden_files_or_links_outside(run: Run, tmp_path: Path) -> None:
    folder, outside = tmp_path / "in", tmp_path / "out"
    (folder / "deeper").mkdir(parents=True)
    outside.mkdir()
    write(folder, b=page("B"), a=page("A"))
    write(folder / "deeper", c=page("C"))
    (folder / ".hidden.md").write_text(page("Hidden"))
    write(outside, secret=page("Secret"))
    (folder / "link.md").symlink_to(outside / "secret.md")
    (folder / "linked").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    (folder / "dangling.md").symlink_to(outside / "nothing")
    code, _out, _err = run(folder)
    assert code == 0
    assert list(Source.objects.order_by("pk").values_list("title", flat=True)) == ["A", "B", "C"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_named(run: Run, tmp_path: Path) -> None:
    write(tmp_path, closed=page("Closed"))
    (tmp_path / "closed.md").chmod(0)
    code, _out, err = run(tmp_path)
    assert code == 2
    assert "Permission denied" in err


def test_what_is_no_file_is_not_waited_for(run: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    code, _out, err = run(tmp_path / "pipe")
    assert code == 2
    assert "no ordinary file" in err


def test_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(page("From a pipe").encode())))
    code, _out, _err = run("-")
    assert code == 0
    assert Source.objects.get().title == "From a pipe"


def test_kind_and_interest_stand_instead_of_guesses(run: Run, tmp_path: Path) -> None:
    run(write(tmp_path, one=page("One")), "--kind", "news", "--interest", "independent")
    source = Source.objects.get()
    assert (source.kind, source.publisher_interest) == ("news", "independent")
    assert not {"kind", "publisher_interest"} & source.guesses.keys()


def test_a_value_too_long_for_its_field_fails_that_record_only(run: Run, tmp_path: Path) -> None:
    write(tmp_path, a=page("x" * 1200), b=page("B"))
    code, out, err = run(tmp_path)
    assert code == 1
    assert "1 created" in out
    assert "title" in err


def test_formats_can_be_named(run: Run, tmp_path: Path) -> None:
    write(tmp_path, one=page("One"))
    code, _out, err = run(tmp_path, "--format", "pubmed-text")
    assert code == 2
    assert err.strip()
    assert "pubmed-text" in {known.name for known in importers.FORMATS}


@pytest.mark.skipif(not SEEDS.is_dir(), reason="../shared/seeds is not here")
def test_the_seeds(run: Run) -> None:
    assert run(SEEDS)[1] == "4 created, 0 updated, 0 unchanged, 0 duplicates, 0 failed\n"
    assert run(SEEDS)[1] == "0 created, 0 updated, 4 unchanged, 0 duplicates, 0 failed\n"


def test_a_file_name_that_is_no_utf8_is_read_like_any_other(run: Run, tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.md")).write_text(page("One"), "utf-8")
    code, out, _ = run(tmp_path, "--json")
    assert (code, json.loads(out)["created"]) == (0, 1)
    assert Source.objects.get().versions.get().origin_name == "caf\ufffd.md"
