"""A clinic's whole site, read from beside the repository: what becomes of each of its files."""

import re
from pathlib import Path

import pytest

from articles import importers
from articles.importers.record import ParseError

SITE = Path(__file__).parents[3] / "shared" / "data" / "clinic-pages" / "cellcure"

pytestmark = pytest.mark.skipif(not SITE.is_dir(), reason="the folder ../shared/data/clinic-pages is absent")

# File, format, date, whether it is guessed to be a seller's page.
READ = (
    ("blog/about-us.md", "markdown-page", "2022-08-12", True),
    ("blog/athletes-stem-cell-therapy.md", "markdown-page", "2022-08-26", False),
    ("blog/autism-treatment-with-stem-cells.md", "markdown-page", "2022-08-12", False),
    ("blog/multiple-sclerosis-treatment-with-stem-cells.md", "markdown-page", "2022-08-12", True),
    ("blog/privacy-policy.md", "markdown-page", "2022-08-12", True),
    ("blog/safety-of-stem-cell-therapy.md", "markdown-page", "2022-08-26", False),
    ("blog/stem-cell-exosome-treatment.md", "markdown-page", "2022-08-26", False),
    ("blog/stem-cell-for-aesthetic-and-plastic-surgery.md", "markdown-page", "2022-08-26", False),
    ("blog/stem-cell-skin-rejuvenation.md", "markdown-page", "2022-08-26", False),
    ("blog/stem-cell-treatment-procedure.md", "markdown-page", "2022-08-26", True),
    ("blog/stem-cells-for-cardiovascular-diseases.md", "markdown-page", "2022-08-26", False),
    ("blog/stem-cells-in-orthopedic-surgery.md", "markdown-page", "2022-08-26", False),
    ("blog/terms-of-use.md", "markdown-page", "2022-08-12", False),
    ("blog/what-is-stem-cell-therapy.md", "markdown-page", "2022-08-26", True),
    ("diseases/index.md", "markdown-page", "None", False),
    ("index.md", "markdown-page", "None", False),
    ("stories/stem-cell-therapy.html", "web-page", "None", False),
    ("stories/stem-cells-for-autism.html", "web-page", "None", True),
    ("stories/stem-cells-for-multiple-sclerosis.html", "web-page", "None", True),
)
# File, and why nothing of it is imported.
REFUSED = (
    ("LICENSE", "the licence of a program"),
    ("static/admin/config.yml", "a file of settings"),
)


def test_every_file_of_the_site_is_accounted_for():
    files = {path.relative_to(SITE).as_posix() for path in SITE.rglob("*") if path.is_file()}
    assert files == {row[0] for row in (*READ, *REFUSED)}


@pytest.mark.parametrize(("name", "format", "date", "is_seller"), READ, ids=[row[0] for row in READ])
def test_page_is_read(name: str, format: str, date: str, is_seller: bool):
    (record,) = importers.read((SITE / name).read_bytes())
    assert (record.format, str(record.date), record.text_basis) == (format, date, "web_page")
    assert (record.kind == "clinic_page") is (record.publisher_interest == "sells_therapy") is is_seller
    assert {"kind", "publisher_interest"} <= set(record.guesses)


@pytest.mark.parametrize(("name", "reason"), REFUSED, ids=[row[0] for row in REFUSED])
def test_file_that_is_no_page_is_refused_as_what_it_is(name: str, reason: str):
    with pytest.raises(ParseError, match=reason):
        importers.read((SITE / name).read_bytes())


@pytest.mark.parametrize("path", sorted(SITE.glob("blog/*.md")), ids=lambda path: path.stem)
def test_post_is_read_whole(path: Path):
    (record,) = importers.read(path.read_bytes())
    source = path.read_text(encoding="utf-8")
    assert source.split()[-1].strip("<>*.") in record.document.text
    assert len(record.document.links) == source.count("](http") + source.count("<http")
    assert "](" not in record.document.text
    assert "**" not in record.document.text


@pytest.mark.parametrize("path", sorted(SITE.glob("stories/*.html")), ids=lambda path: path.stem)
def test_every_passage_of_a_story_is_read(path: Path):
    (record,) = importers.read(path.read_bytes())
    passages = re.findall(r"<(p|h1|h2)\b[^>]*>([^<]+)</\1>", path.read_text(encoding="utf-8"))
    said = [" ".join(passage.split()) for _tag, passage in passages]
    whole = f"{record.title}\n{record.document.text}"
    missing = [passage for passage in said if passage.replace("\u2019", "'") not in whole]
    assert len(said) > 10
    assert missing == []
    assert record.identifiers == (("url", f"https://stemcellpoint.com/stories/{path.name}"),)
    assert record.publisher == "stemcellpoint.com"


def test_page_without_body_is_read_from_its_front_matter():
    (record,) = importers.read((SITE / "index.md").read_bytes())
    source = (SITE / "index.md").read_text(encoding="utf-8")
    for words in re.findall(r"(?:heading|subheading|title): (.+)", source):
        assert words in f"{record.title}\n{record.document.text}"
    assert record.document.text.count(".") > 15
