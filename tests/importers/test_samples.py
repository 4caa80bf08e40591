"""Each sample of a format is recognised and becomes exactly the record written beside it."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from articles import importers
from articles.importers.record import Record

SAMPLES = Path(__file__).parents[1] / "samples"
CASES = sorted(path for form in importers.FORMATS for path in (SAMPLES / form.name).glob("*.txt"))


def plain(record: Record) -> dict[str, Any]:
    """The fields that say something, as JSON gives them back."""
    fields = dataclasses.asdict(record) | {
        "document": record.document.to_json(),
        "date": str(record.date or ""),
        "raw_sha256": "",
    }
    return json.loads(
        json.dumps({name: value for name, value in fields.items() if value not in ("", (), [], {}, None)})
    )


@pytest.mark.parametrize("sample", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_sample_becomes_the_expected_records(sample: Path):
    expected = json.loads(sample.with_suffix(".expected.json").read_text(encoding="utf-8"))
    assert [plain(record) for record in importers.read(sample.read_bytes())] == expected


@pytest.mark.parametrize("form", importers.FORMATS, ids=lambda form: form.name)
def test_every_format_has_a_sample(form: importers.Format):
    assert list((SAMPLES / form.name).glob("*.txt")), (
        f"put a file and its .expected.json into tests/samples/{form.name}"
    )


@pytest.mark.parametrize("sample", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_sample_is_recognised_by_its_own_format_only(sample: Path):
    (record,) = importers.read(sample.read_bytes())
    assert record.format == sample.parent.name
