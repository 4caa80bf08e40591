"""What holds for every record, whatever it was read from: anything else would fail in the database, or on a page."""

import dataclasses
import json
from typing import Any

from articles.importers.record import Record
from articles.lib import identifiers, vocabulary
from articles.lib.text import normalise

_TERMS = {
    "kind": vocabulary.Kind,
    "publisher_interest": vocabulary.PublisherInterest,
    "text_basis": vocabulary.TextBasis,
    "design": vocabulary.Design,
    "publication_status": vocabulary.PublicationStatus,
}


def check(record: Record) -> None:
    """Fails where a record breaks one of the rules for all records."""
    assert record.title
    assert record.title == normalise(record.title)
    assert record.document.text == normalise(record.document.text)
    type(record.document).from_json(record.document.to_json())
    for name, term in _TERMS.items():
        assert getattr(record, name) in ("", *term.values()), name
    for scheme, value in (*record.identifiers, *record.trial_ids):
        assert identifiers.normalise(scheme, value) == value
    assert len({scheme for scheme, _value in record.identifiers}) <= len(record.identifiers)
    assert [link.relation in vocabulary.LinkRelation.values() for link in record.links].count(False) == 0
    _check_sections(record)
    _check_text(record)


def _check_sections(record: Record) -> None:
    position = 0
    for section in record.sections:
        assert position <= section.start < section.end <= len(record.document.text)
        position = section.end


def _check_text(record: Record) -> None:
    """Plain data throughout, and no character that PostgreSQL cannot store."""
    plain: dict[str, Any] = dataclasses.asdict(record)
    plain["date"] = str(record.date or "")
    text = json.dumps(plain, ensure_ascii=False)
    text.encode("utf-8")
    assert "\\u0000" not in text
