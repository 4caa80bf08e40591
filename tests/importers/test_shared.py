"""What several formats share: publication types, notices, trial numbers and languages."""

import pytest

from articles import importers
from articles.importers.record import LinkedRecord
from articles.importers.shared import languages, notices, publication_types, pubmed_record, trials
from articles.importers.shared.orcid import orcid


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


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("0000-0001-2345-6789", "0000-0001-2345-6789"),
        ("https://orcid.org/0000-0002-1694-233x/", "0000-0002-1694-233X"),
        ("ORCID: 0000000123456789", "0000-0001-2345-6789"),
        ("0000-0001-2345-6780", ""),
        ("0000-0001-2345", ""),
        ("", ""),
    ],
)
def test_an_orcid_is_one_whose_check_digit_is_right(written: str, expected: str):
    assert orcid(written) == expected


INVALID = "0000-0001-2345-6780"


@pytest.mark.parametrize(
    "text",
    [
        '[{"title": "Alpha", "author": [{"family": "Alpha", "given": "Ann", "ORCID": "%s"}]}]',
        "FN Sample\nVR 1.0\nPT J\nTI Alpha\nAF Alpha, Ann\nOI Alpha, Ann/%s\nER\nEF\n",
        "@article{a, title={Alpha}, author={Alpha, Ann}, orcid-numbers={Alpha, Ann/%s}}",
        "PMID- 1\nTI  - Alpha\nFAU - Alpha, Ann\nAUID- ORCID: %s\n",
        '<!DOCTYPE html><html><head><title>Alpha</title><meta name="citation_author" content="Alpha, Ann">'
        '<meta name="citation_author_orcid" content="%s"></head><body><p>Words that say something here.</body></html>',
    ],
    ids=["csl-json", "web-of-science", "bibtex", "nbib", "web-page"],
)
def test_a_number_that_is_no_orcid_is_kept_apart(text: str):
    (record,) = importers.read((text % INVALID).encode())
    assert [(one.family, one.orcid) for one in record.contributors] == [("Alpha", "")]
    assert INVALID in str(record.extra)


@pytest.mark.parametrize(
    ("piis", "volume", "expected"),
    [
        (["e42692"], "8", "e42692"),
        (["S1080-6032(22)00139-9", "1042"], "4", "1042"),
        (["1042"], "", ""),
        (["12345678"], "4", ""),
        (["EWLS"], "4", ""),
        ([], "4", ""),
    ],
)
def test_the_number_of_an_article_stands_for_its_pages(piis: list[str], volume: str, expected: str):
    assert pubmed_record.article_number(piis, volume) == expected


def test_both_formats_of_pubmed_print_the_number_of_an_article_as_pages():
    tagged = "PMID- 1\nTI  - Alpha\nVI  - 4\nLID - 1042 [pii]\n"
    xml = (
        "<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><Journal><JournalIssue><Volume>4</Volume></JournalIssue>"
        '</Journal><ArticleTitle>Alpha</ArticleTitle><ELocationID EIdType="pii">1042</ELocationID></Article>'
        "</MedlineCitation></PubmedArticle>"
    )
    for text in (tagged, xml):
        (record,) = importers.read(text.encode())
        assert record.pages == "1042"
        assert "1042" in str(record.extra)
