"""Which tags are suggested for which words, and the reasons given."""

import pytest

from articles.suggest.tags import Strength, Suggestion, Tagger, Term
from tests.suggest.trees import terms

TAGGER = Tagger(terms())
PARENTS = {term.slug: term.parent for term in terms()}


def slugs(**source: object) -> set[str]:
    return {suggestion.slug for suggestion in TAGGER.suggest(**source)}  # type: ignore[arg-type]


def only(**source: object) -> Suggestion:
    (suggestion,) = TAGGER.suggest(**source)  # type: ignore[arg-type]
    return suggestion


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Exosomes after spinal injury", "exosomes"),
        ("An exosome with cargo", "exosomes"),
        ("EXTRACELLULAR VESICLES IN PLASMA", "extracellular-vesicles"),
        ("Stem-cell therapies reviewed", "cell-therapy"),
        ("Stem cells for tired knees", "cell-therapy"),
        ("A knee injected with autologous stem cells", "cell-therapy"),
        ("Old knees, cell therapy and hope", "cell-therapy"),
        ("Two scleroses compared: the multiple scleroses", "multiple-sclerosis"),
        ("Platelet\u2013rich plasma for tendons", "platelet-rich-plasma"),
        ("Platelet rich plasmas", "platelet-rich-plasma"),
        ("Hematopoietic stem cell transplantation", "haematopoietic-stem-cell-transplantation"),
        ("Haematopoietic stem-cell transplantation", "haematopoietic-stem-cell-transplantation"),
        ("IFN\u03b2 and relapse", "interferon-beta"),
        ("IFN-\u03b2 and relapse", "interferon-beta"),
        ("Interferon \u03b2-1b and the gut", "interferon-beta"),
        ("Interferon beta-1a again", "interferon-beta"),
        ("Tumor necrosis factor inhibitor use", "anti-tnf"),
        ("Anti\u2013TNF\u03b1 in the clinic", "anti-tnf"),
        ("Wharton\u2019s jelly mesenchymal stem cells", "umbilical-cord-msc"),
        ("Neurotrophin 3 levels", "neurotrophin-3"),
        ("Devic's disease", "neuromyelitis-optica"),
        ("Secondary progressive MS and work", "secondary-progressive-ms"),
        ("Bone marrow-derived MSCs in mice", "bone-marrow-msc"),
        ("RRMS at work", "relapsing-remitting-ms"),
        ("Post herpetic neuralgia", "postherpetic-neuralgia"),
        ("FTY720 in rats", "fingolimod"),
    ],
)
def test_forms_of_a_term_are_recognised(title: str, slug: str) -> None:
    assert slugs(title=title) == {slug}


@pytest.mark.parametrize(
    "title",
    [
        "Amyotrophic lateral sclerosis",
        "Subexosomes and exosomesque particles",
        "MS of peptides, with LC-MS and PRP-1",
        "Premenstrual syndrome (PMS) in students",
        "Ms. Miller on evs and msc courses",
        "Leukemia stem cells",
        "Pluripotent stem cells, tendon-derived stem cells and T-cell therapy",
        "Multiple lesions. Sclerosis was rare",
        "Platelets in plasma rich in lipids",
        "",
    ],
)
def test_what_only_looks_like_a_term_is_not_suggested(title: str) -> None:
    assert slugs(title=title) == set()


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("PRP for knees", "We gave platelet-rich plasma (PRP).", {"platelet-rich-plasma"}),
        ("PRP for knees", "PRP here is a protein of the prion family.", set()),
        ("Fatigue in MS", "People with multiple sclerosis took part.", {"multiple-sclerosis"}),
        ("Fatigue in MS", "Mass spectrometry (MS) was used.", set()),
        ("EVs and pain", "extracellular vesicles were counted", {"extracellular-vesicles"}),
        ("MSCs in mice", "Umbilical cord mesenchymal stem cells (MSCs) were given.", {"mesenchymal-stem-cells"}),
        ("OCR and work", "Ocrelizumab (OCR) was given to all.", {"ocrelizumab"}),
        ("MS and work", "Ocrelizumab (MS) was given once.", set()),
        ("AHSCT and work", "", {"haematopoietic-stem-cell-transplantation"}),
    ],
)
def test_short_abbreviations_count_only_where_their_name_is_given(title: str, text: str, expected: set[str]) -> None:
    assert slugs(title=title, text=text) == expected


def test_the_most_specific_term_wins_at_its_place():
    assert slugs(title="Umbilical cord mesenchymal stem cells") == {"umbilical-cord-msc"}


def test_a_broader_term_stays_where_the_source_is_more_about_it():
    text = (
        "Of these, most had relapsing-remitting multiple sclerosis; relapsing-remitting disease is common. RRMS it was."
    )
    assert slugs(title="Work and multiple sclerosis", text=text) == {"multiple-sclerosis", "relapsing-remitting-ms"}
    assert slugs(title="Work and RRMS", text="Multiple sclerosis is common. Multiple sclerosis lasts.") == {
        "relapsing-remitting-ms"
    }


def test_words_that_stand_once_in_the_text_do_not_make_a_tag():
    text = "The drug resembles fingolimod in some respects."
    assert slugs(text=text) == set()
    assert only(text=text, at_least=Strength.PASSING).slug == "fingolimod"
    assert only(text=text + " Unlike fingolimod it is new.").strength is Strength.DISCUSSED


def test_a_name_and_its_abbreviation_in_brackets_are_one_mention():
    assert slugs(text="One of them had multiple sclerosis (MS) and one had asthma.") == set()
    assert slugs(text="One had multiple sclerosis (MS) and one was thought to have MS.") == {"multiple-sclerosis"}


@pytest.mark.parametrize(
    ("heading", "slug", "strength"),
    [
        ("Multiple Sclerosis, Relapsing-Remitting/*drug therapy", "relapsing-remitting-ms", Strength.SUBJECT),
        ("*Encephalomyelitis, Autoimmune, Experimental", "ms-animal-model", Strength.SUBJECT),
        ("Multiple Sclerosis, Chronic Progressive/immunology", "progressive-ms", Strength.DISCUSSED),
        ("Multiple Sclerosis", "multiple-sclerosis", Strength.DISCUSSED),
        ("Culture Media, Conditioned/pharmacology", "conditioned-medium", Strength.DISCUSSED),
        ("Nerve Growth Factors", "neurotrophins", Strength.DISCUSSED),
        ("Nerve Growth Factor", "ngf", Strength.DISCUSSED),
        ("D019208", "bdnf", Strength.DISCUSSED),
    ],
)
def test_mesh_headings_count_as_a_whole(heading: str, slug: str, strength: Strength) -> None:
    suggestion = only(mesh=["Humans", heading])
    assert (suggestion.slug, suggestion.strength, suggestion.field, suggestion.item) == (slug, strength, "mesh", 1)


@pytest.mark.parametrize("heading", ["Receptors, Nerve Growth Factor", "Sclerosis", "", "/", "*", "D999999", ", ,"])
def test_other_mesh_headings_are_passed_over(heading: str) -> None:
    assert slugs(mesh=[heading]) == set()


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ({"mesh": ["Multiple Sclerosis"]}, "MeSH heading “Multiple Sclerosis”."),
        ({"mesh": ["*Exosomes/metabolism"]}, "Main MeSH heading “Exosomes”."),
        ({"keywords": ["pain", "siponimod"]}, "Keyword “siponimod”."),
        ({"title": "On exosomes"}, "“exosomes” stands in the title."),
        ({"text": "Exosomes here, an exosome there."}, "“Exosomes” stands in the text, where this comes twice."),
        (
            {"title": "PRP now", "text": "It is platelet-rich plasma (PRP)."},
            "“PRP”, short for “platelet-rich plasma”, stands in the title.",
        ),
    ],
)
def test_the_reason_names_the_words_and_where_they_stand(source: dict[str, object], reason: str) -> None:
    assert only(**source).reason == reason


def test_the_strongest_come_first_and_each_once():
    suggestions = TAGGER.suggest(
        title="Fingolimod", text="Fingolimod and natalizumab; natalizumab.", keywords=["fingolimod"]
    )
    assert [suggestion.slug for suggestion in suggestions] == ["fingolimod", "natalizumab"]


def test_terms_are_matched_as_given_even_where_the_tree_bites_its_tail():
    odd = Tagger([Term("therapy", "a", "Alpha ray", parent="b"), Term("therapy", "b", "!", parent="a")])
    assert [suggestion.slug for suggestion in odd.suggest(title="alpha rays")] == ["a"]


@pytest.mark.parametrize(
    "term", [each for each in terms() if each.slug != "no-condition-named"], ids=lambda term: term.slug
)
def test_every_name_of_the_vocabularies_leads_to_its_term_or_one_below(term: Term) -> None:
    for name in (term.name, *term.synonyms):
        # What a short abbreviation means is said by the full name in the text.
        found = only(title=name, text=term.name, at_least=Strength.SUBJECT)
        assert term.slug in (found.slug, PARENTS[found.slug]), name
