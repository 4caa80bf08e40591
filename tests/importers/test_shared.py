"""What several formats share: publication types, notices, trial numbers and languages."""

import pytest

from articles.importers.record import LinkedRecord
from articles.importers.shared import languages, notices, publication_types, trials


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (["Journal Article", "Randomized Controlled Trial"], ("abstract", "randomised_trial")),
        (["Randomized Controlled Trial", "Clinical Trial Protocol"], ("abstract", "protocol")),
        (["Randomized Controlled Trial, Veterinary"], ("abstract", "animal_experiment")),
        (["Clinical Trial, Phase II"], ("abstract", "")),
        (["Journal Article", "Review"], ("review", "")),
        (["Journal Article", "Review", "Systematic Review"], ("review", "systematic_review")),
        (["META-ANALYSIS"], ("review", "systematic_review")),
        (["Practice Guideline", "Systematic Review"], ("guideline", "systematic_review")),
        (["Letter", "Comment"], ("abstract", "opinion")),
        (["Letter", "Randomized Controlled Trial"], ("abstract", "randomised_trial")),
        (["Journal Article", "Case Reports"], ("abstract", "case_report")),
        (["Published Erratum"], ("other", "")),
        (["News"], ("news", "")),
        (["Portrait"], ("", "")),
        ([], ("", "")),
    ],
)
def test_publication_types_tell_kind_and_design(types, expected):
    assert publication_types.kind_and_design(types) == expected


def link(relation: str, citation: str = "J Sample. 2020;1:2.") -> LinkedRecord:
    return LinkedRecord(relation, citation, (("pmid", "77"),))


@pytest.mark.parametrize(
    ("relations", "types", "title", "expected"),
    [
        ([], [], "Alpha", ""),
        (["comment_in", "update_of", "erratum_for"], ["Journal Article"], "Alpha", ""),
        (["update_in"], [], "Alpha", "current"),
        (["erratum_in"], [], "Alpha", "corrected"),
        (["erratum_in", "concern_in"], [], "Alpha", "expression_of_concern"),
        (["partial_retraction_in"], [], "Alpha", "expression_of_concern"),
        (["concern_in"], [], "WITHDRAWN: Alpha", "withdrawn"),
        (["erratum_in", "retraction_in"], [], "WITHDRAWN: Alpha", "retracted"),
        ([], ["Retracted Publication"], "Alpha", "retracted"),
        ([], [], "RETRACTED ARTICLE: Alpha", "retracted"),
        (["retraction_of"], ["Retraction of Publication"], "Retraction: Alpha", ""),
        ([], [], "Retracted papers on alpha are counted", ""),
        ([], ["Retraction of Publication"], "Retracted: Alpha", ""),
        ([], [], "[Withdrawn] Alpha", "withdrawn"),
    ],
)
def test_the_worst_notice_decides_the_status(relations, types, title, expected):
    assert notices.status([link(relation) for relation in relations], types, title)[0] == expected


def test_every_notice_is_told_with_its_place_the_worst_first():
    _status, notice = notices.status([link("erratum_in"), link("partial_retraction_in", "J Other. 2021.")], [], "")
    assert notice == "Retracted in part by J Other. 2021 (PMID 77). Corrected by J Sample. 2020;1:2 (PMID 77)."


def test_a_corrected_republication_is_a_correction_too():
    assert notices.relations("CorrectedandRepublishedIn") == ("erratum_in", "republished_in")
    assert notices.relations("SomethingNew") == ("other",)


def test_trials_in_a_text_come_once_each_in_order():
    text = "See ISRCTN12345678, NCT 01234567 and EudraCT number 2012-000734-19; again NCT01234567. NCT1 is none."
    assert trials.in_text(text) == (("isrctn", "ISRCTN12345678"), ("nct", "NCT01234567"), ("eudract", "2012-000734-19"))


@pytest.mark.parametrize(
    "text",
    ["call 2012-000734-19", "XNCT01234567", "NCT012345678", "EudraCT: trial of 300 people, call 2012-000734-19"],
)
def test_numbers_that_only_look_like_trials_are_left(text):
    assert trials.in_text(text) == ()


def test_trials_of_registers_are_told_from_other_data_banks():
    entries = [("ClinicalTrials.gov", "NCT01234567"), ("ISRCTN", "12345678"), ("GENBANK", "X12345"), ("ISRCTN", "?")]
    assert trials.in_registers(entries) == (("nct", "NCT01234567"), ("isrctn", "ISRCTN12345678"))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        *[("eng", "en"), ("ENG", "en"), ("ger", "de"), ("deu", "de"), ("en-GB", "en"), ("English", "en")],
        *[("chi", "zh"), ("fr", "fr"), ("mul", "mul"), ("und", "und"), ("tlh", "tlh"), ("e", "e"), ("", "")],
    ],
)
def test_languages_have_one_short_code(written, expected):
    assert languages.code(written) == expected
