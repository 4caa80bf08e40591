"""The four documents the project began from, read from beside the repository."""

from pathlib import Path

import pytest

from articles import importers
from articles.importers.record import Record

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"

pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the folder ../shared/seeds is absent")


def seed(number: str) -> Record:
    (path,) = SEEDS.glob(f"{number}_*.txt")
    (record,) = importers.read(path.read_bytes())
    return record


def test_pubmed_page_gives_the_citation():
    record = seed("000")
    assert record.format == "pubmed-text"
    assert record.title == "The role of neurotrophins in multiple sclerosis-pathological and clinical implications"
    assert (record.container, record.volume, record.issue, record.pages) == ("Int J Mol Sci", "13", "10", "13713-25")
    assert str(record.date) == "2012-10-22"
    assert record.identifiers == (("doi", "10.3390/ijms131013713"),)
    assert record.extra["affiliations"][0].startswith("Department of Neurochemistry")


def test_pubmed_page_gives_availability():
    record = seed("000")
    assert record.is_medline is True
    assert record.is_free_full_text is True
    assert record.full_text_providers == (
        "Multidisciplinary Digital Publishing Institute (MDPI)",
        "PubMed Central",
    )


def test_pubmed_page_keeps_the_whole_abstract_and_no_furniture():
    record = seed("000")
    assert record.document.text.startswith("Multiple sclerosis (MS) is a chronic")
    assert record.document.text.endswith("traditional immunomodulatory treatment in multiple sclerosis.")
    assert "unread_lines" not in record.extra
    for furniture in ("Send to", "PubMed Commons", "Loading", "Support Center", "Free PMC"):
        assert furniture not in record.document.text


def test_kind_of_a_page_without_publication_type_is_a_guess():
    record = seed("000")
    assert record.kind == "abstract"
    assert "kind" in record.guesses


def test_markdown_post_keeps_its_front_matter():
    record = seed("001")
    assert record.title == "Multiple Sclerosis Treatment with Stem Cells"
    assert str(record.date) == "2022-08-12"
    assert record.description.startswith("Increasing evidence")
    assert record.extra == {
        "templateKey": "blog-post",
        "path": "multiple-sclerosis-treatment-with-stem-cells",
        "date": "2022-08-12T14:29:49.818Z",
        "featuredpost": False,
        "featuredimage": "/img/hair-transplant.jpg",
        "type": "disease",
        "tags": ["multiple-sclerosis"],
    }


def test_markdown_post_keeps_its_link_whole():
    record = seed("001")
    (link,) = record.document.links
    assert record.document.text[link.start : link.end] == "Studies"
    assert link.href == (
        "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC7698327/#:~:text=6.-,Clinical%20Trials,-Using%20MSCs"
    )


def test_markdown_post_keeps_its_lists_and_heading():
    document = seed("001").document
    kinds = [block.kind for block in document.blocks]
    assert kinds.count("list_item") == 7
    assert [document.text[b.start : b.end] for b in document.blocks if b.kind == "heading"] == [
        "Some Properties of Stem Cells"
    ]


def test_double_encoded_apostrophe_is_repaired_and_the_repair_recorded():
    record = seed("001")
    assert "such as the patient's medical course" in record.document.text
    (repair,) = record.repairs
    assert "Line 26" in repair
    assert "patient\u2019s" in repair


def test_markdown_post_is_guessed_to_be_a_clinics():
    record = seed("001")
    assert (record.kind, record.publisher_interest) == ("clinic_page", "sells_therapy")
    assert {"kind", "publisher_interest"} <= set(record.guesses)


def test_clinic_page_names_the_clinic_that_sells():
    record = seed("002")
    assert record.title == "Stem Cell Therapy for Multiple Sclerosis"
    assert record.publisher == "Zignagenix"
    assert (record.kind, record.publisher_interest) == ("clinic_page", "sells_therapy")
    assert {"kind", "publisher", "publisher_interest"} <= set(record.guesses)


def test_clinic_page_has_headings_and_lists():
    record = seed("002")
    assert [section.label for section in record.sections] == [
        "What is Multiple Sclerosis?",
        "What are Common Signs and Symptoms?",
        "What Causes Multiple Sclerosis?",
        "Types of Multiple Sclerosis",
        "Relapsing remitting MS",
        "Primary progressive MS",
        "Current Treatment Options",
        "Mesenchymal Stem Cells",
        "Stem Cell Therapy at Zignagenix",
    ]
    items = [record.document.text[b.start : b.end] for b in record.document.blocks if b.kind == "list_item"]
    assert len(items) == 10
    assert items[-1] == "Stimulate neuronal stem cell differentiation."


def test_clinic_page_ends_with_a_citation_that_it_makes():
    record = seed("002")
    assert record.references == (
        "Genc B, Bozan HR, Genc S, Genc K. Stem Cell Therapy for Multiple Sclerosis. "
        "Adv Exp Med Biol. 2019;1084:145-174.",
    )
    assert "Genc" not in record.document.text
    assert "Image from" not in record.document.text
    assert record.document.text.endswith("years of experience in these types of procedures.")


def test_review_digest_gives_title_and_authors_in_order():
    record = seed("003")
    assert record.title == (
        "Platelet-rich plasma and cytokines in neuropathic pain: A narrative review and a clinical perspective"
    )
    assert [(c.given, c.family) for c in record.contributors] == [
        ("Yohann", "Bohren"),
        ("Daniel Ionut", "Timbolschi"),
        ("Andr\u00e9", "Muller"),
        ("Michel", "Barrot"),
        ("Ipek", "Yalcin"),
        ("Eric", "Salvat"),
    ]
    assert record.kind == "review"


def test_review_digest_labels_sections_where_the_text_does():
    record = seed("003")
    assert [section.label for section in record.sections] == [
        "Background and Objective",
        "Database and Data Treatment",
        "",
        "",
        "",
    ]


def test_review_digest_drops_quotation_marks_and_the_closing_line():
    text = seed("003").document.text
    assert text.startswith("Background and Objective\n\nNeuropathic pain")
    assert text.endswith("but also for its safety of use.")
    assert "See the publication" not in text
    assert "Bohren" not in text


@pytest.mark.parametrize("number", ["000", "001", "002", "003"])
def test_sections_and_blocks_fit_the_text(number: str):
    record = seed(number)
    text = record.document.text
    covered = "".join(text[block.start : block.end] for block in record.document.blocks)
    assert "".join(covered.split()) == "".join(text.split())
    assert record.sections[0].start == 0
    assert record.sections[-1].end == len(text)
