"""What a page seems to be, told by its words, its address and its own statements."""

import pytest

from articles.importers.shared import guessing


@pytest.mark.parametrize(
    "words",
    [
        "Our clinic treats this disease.",
        "Book your free consultation about stem cell therapy.",
        "Book now and start your treatment.",
        "Become a patient of the stem cell center.",
        "The cost of the therapy is $5,000 in all.",
        "Packages start at 7,500 EUR for stem cells.",
        "Exosomes: \u20ac900 per vial.",
        "Our treatment programs help patients.",
        "Contact us to learn about the injection.",
    ],
)
def test_words_of_a_seller(words: str):
    guess = guessing.of_page(words)
    assert (guess.kind, guess.publisher_interest) == ("clinic_page", "sells_therapy")
    assert {"kind", "publisher_interest"} <= set(guess.reasons)


@pytest.mark.parametrize(
    "words",
    [
        "The treatment of multiple sclerosis is described in the book of the consultation.",
        "We offer coffee and tea. Contact us!",
        "The study cost $5,000,000 and treated 40 patients.",
        "Stem cells are cells.",
        "The authors were offered a treatment.",
    ],
)
def test_words_that_sell_no_treatment(words: str):
    guess = guessing.of_page(words)
    assert (guess.kind, guess.publisher_interest) == ("other", "unknown")


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("https://www.fda.gov/a", "regulator_page"),
        ("https://clinicaltrials.gov/study/NCT01234567", "trial_registration"),
        ("https://notfda.gov/a", "clinic_page"),
        ("https://fda.gov.example/a", "clinic_page"),
        ("", "clinic_page"),
    ],
)
def test_address_of_an_authority_says_more_than_words(address: str, kind: str):
    assert guessing.of_page("Our clinic offers treatment.", address=address).kind == kind


@pytest.mark.parametrize(
    ("types", "kind", "interest"),
    [
        ({"newsarticle", "medicalclinic"}, "news", "unknown"),
        ({"medicalguideline"}, "guideline", "unknown"),
        ({"physician"}, "clinic_page", "sells_therapy"),
        ({"organization"}, "other", "unknown"),
    ],
)
def test_what_the_page_calls_itself(types: set[str], kind: str, interest: str):
    guess = guessing.of_page("Plain words.", types=types)
    assert (guess.kind, guess.publisher_interest) == (kind, interest)
