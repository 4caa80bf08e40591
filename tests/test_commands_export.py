"""`export`: the very bytes of the web, or a message and exit code 2."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from articles.management.commands import export
from tests import factories

pytestmark = pytest.mark.django_db

Run = Callable[..., bytes]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """What the command prints."""

    def running(*words: Any) -> bytes:
        printed = io.BytesIO()
        monkeypatch.setattr("sys.stdout", io.TextIOWrapper(printed, write_through=True))
        call_command("export", *(str(word) for word in words))
        return printed.getvalue()

    return running


def web(client: Client, address: str) -> bytes:
    return b"".join(client.get(address).streaming_content)  # type: ignore[attr-defined, arg-type]


@pytest.mark.parametrize("kind", ["sources", "claims"])
@pytest.mark.parametrize("query", ["", "kind=review", "q=relapse&effect=harmful&effect=beneficial&not_kind=news"])
def test_the_same_bytes_as_the_web(client: Client, run: Run, kind: str, query: str) -> None:
    factories.claim(factories.source(kind="review", title="=SUM(A1) näïve"), statement="+1 relapse")
    factories.claim(effect="harmful")
    expected = web(client, f"/{kind}.csv?{query}")
    assert expected.count(b"\n") > 1
    assert run(kind, "--format", "csv", "--query", query) == expected


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("nonsense=1", "“nonsense” is not a parameter"),
        ("kind=nonsense", "“nonsense” is not one of its values"),
        ("year_min=2021&year_max=2020", "later than"),
        ("q=%00", "NUL"),
        ("q=%ff", "UTF-8"),
        (f"q={'x' * 10_000}", "at most 4000"),
    ],
)
def test_what_is_not_understood_is_said(run: Run, query: str, message: str) -> None:
    with pytest.raises(CommandError) as error:
        run("claims", "--query", query)
    assert error.value.returncode == 2
    assert message in str(error.value)


def test_what_other_sites_add_is_dropped(client: Client, run: Run) -> None:
    factories.claim()
    assert run("claims", "--query", "?utm_source=x&fbclid=y") == web(client, "/claims.csv")


def test_a_file_is_whole_or_not_there(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    factories.claim()
    target = tmp_path / "claims.csv"
    target.write_text("the old one")
    assert run("claims", "--output", target) == b""
    whole = target.read_bytes()
    assert whole.startswith(b"\xef\xbb\xbfclaim_id,")

    def breaks(ordered: object) -> Any:
        yield b"half"
        raise ConnectionError("the server went away")

    monkeypatch.setitem(export.FORMATS, "csv", breaks)
    with pytest.raises(CommandError):
        run("claims", "--output", target)
    assert target.read_bytes() == whole
    assert [path.name for path in tmp_path.iterdir()] == ["claims.csv"]


def test_a_folder_that_is_not_there_is_named(run: Run, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nowhere/claims\.csv cannot be written"):
        run("claims", "--output", tmp_path / "nowhere" / "claims.csv")
