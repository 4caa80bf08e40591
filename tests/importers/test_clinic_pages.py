"""Real pages of a clinic's site, read from beside the repository: all of the text and every link arrives."""

from pathlib import Path

import pytest

from articles import importers

PAGES = Path(__file__).parents[3] / "shared" / "data" / "clinic-pages" / "cellcure" / "blog"

pytestmark = pytest.mark.skipif(not PAGES.is_dir(), reason="the folder ../shared/data/clinic-pages is absent")


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.md")), ids=lambda path: path.stem)
def test_page_is_read_whole(path: Path):
    (record,) = importers.read(path.read_bytes())
    assert record.format == "markdown-page"
    assert record.date is not None
    source = path.read_text(encoding="utf-8")
    assert source.split()[-1].strip("<>*.") in record.document.text
    assert len(record.document.links) == source.count("](http") + source.count("<http")
    assert "](" not in record.document.text
    assert "**" not in record.document.text
