"""A large made-up file of PubMed's XML, written record by record: the same seed gives the same bytes.

The text is of made-up words. Records are as unlike each other as real ones: authors, years, journals, headings,
references, structured abstracts and plain ones, dates of every precision, corrections, and identifiers of their own.
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path

_HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n<PubmedArticleSet>\n'
)
_TAIL = "</PubmedArticleSet>\n"
_FIRST_PMID = 90_000_000
_ONSETS = (
    "b",
    "br",
    "c",
    "ch",
    "d",
    "dr",
    "f",
    "fl",
    "g",
    "gr",
    "h",
    "k",
    "l",
    "m",
    "n",
    "p",
    "pl",
    "r",
    "s",
    "st",
    "t",
)
_VOWELS = ("a", "e", "i", "o", "u", "ai", "ea", "io", "ou")
_ENDINGS = ("n", "r", "s", "l", "m", "t", "nd", "x", "sis", "tion", "ment", "ity", "al", "ic", "ine", "ose")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LABELS = ("BACKGROUND", "OBJECTIVE", "METHODS", "RESULTS", "CONCLUSIONS")
_TYPES = (
    ("Journal Article",),
    ("Journal Article", "Research Support, Non-U.S. Gov't"),
    ("Journal Article", "Review"),
    ("Randomized Controlled Trial", "Journal Article"),
    ("Case Reports", "Journal Article"),
    ("Letter",),
    ("Journal Article", "Meta-Analysis", "Systematic Review"),
)
_NOTICES = ("ErratumIn", "CommentIn", "RetractionIn", "UpdateOf", "ExpressionOfConcernIn")
_LANGUAGES = ("eng",) * 18 + ("ger", "fre")


class _Words:
    """Made-up words, few of them common and many rare, as in real texts."""

    def __init__(self) -> None:
        made = random.Random("words")
        known = {self._word(made) for _word in range(6_000)}
        self._all = sorted(known, key=len)
        self._weights = list(accumulate(1 / rank for rank in range(1, len(self._all) + 1)))
        self.rare = self._all[200:]

    def sentence(self, chance: random.Random, number: int) -> str:
        """A sentence of so many words, with a figure in it now and then."""
        words = chance.choices(self._all, cum_weights=self._weights, k=number)
        words[number // 2] = f"{chance.randint(1, 99)}.{chance.randint(0, 9)}"
        return f"{' '.join(words).capitalize()}."

    def title(self, chance: random.Random) -> str:
        """A title that no other record has, in all likelihood."""
        return f"{' '.join(chance.choices(self.rare, k=chance.randint(6, 16))).capitalize()}."

    def name(self, chance: random.Random) -> str:
        """One word with a capital."""
        return chance.choice(self.rare).capitalize()

    @staticmethod
    def _word(made: random.Random) -> str:
        syllables = "".join(made.choice(_ONSETS) + made.choice(_VOWELS) for _part in range(made.randint(1, 3)))
        return syllables + made.choice(_ENDINGS)


def write(path: Path, records: int, seed: int = 1) -> None:
    """Writes a file of so many records, of about 10.7 kB each."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(_HEAD)
        file.writelines(texts(records, seed))
        file.write(_TAIL)


def texts(records: int, seed: int = 1) -> Iterator[str]:
    """The records by themselves, each the same whatever their number."""
    words = _Words()
    return (_record(words, random.Random(f"{seed} {number}"), number) for number in range(records))


def _record(words: _Words, chance: random.Random, number: int) -> str:
    pmid = _FIRST_PMID + number
    year = 2025 - int(35 * chance.random() ** 2)
    status = chance.choice(("MEDLINE", "MEDLINE", "PubMed-not-MEDLINE", "Publisher"))
    return (
        f'<PubmedArticle><MedlineCitation Status="{status}" Owner="NLM">\n<PMID Version="1">{pmid}</PMID>\n'
        f"<DateRevised>{_whole_date(chance, year)}</DateRevised>\n"
        f'<Article PubModel="Print-Electronic">\n{_journal(words, chance, year)}'
        f"<ArticleTitle>{words.title(chance)}</ArticleTitle>\n"
        f"<Pagination><MedlinePgn>{pmid % 900}-{pmid % 900 + 9}</MedlinePgn></Pagination>\n"
        f'<ELocationID EIdType="doi" ValidYN="Y">10.9999/made-up.{year}.{number}</ELocationID>\n'
        f"{_abstract(words, chance)}{_authors(words, chance)}"
        f"<Language>{chance.choice(_LANGUAGES)}</Language>\n{_trial(chance)}{_grants(words, chance)}{_types(chance)}"
        f'<ArticleDate DateType="Electronic">{_whole_date(chance, year)}</ArticleDate>\n</Article>\n'
        f"{_notices(words, chance)}{_headings(words, chance)}{_keywords(words, chance)}</MedlineCitation>\n"
        f"<PubmedData><PublicationStatus>ppublish</PublicationStatus>\n<ArticleIdList>"
        f'<ArticleId IdType="pubmed">{pmid}</ArticleId><ArticleId IdType="pmc">PMC{pmid}</ArticleId>'
        f'<ArticleId IdType="doi">10.9999/made-up.{year}.{number}</ArticleId></ArticleIdList>\n'
        f"{_references(words, chance, year)}</PubmedData></PubmedArticle>\n"
    )


def _whole_date(chance: random.Random, year: int) -> str:
    return f"<Year>{year}</Year><Month>{chance.randint(1, 12):02}</Month><Day>{chance.randint(1, 28):02}</Day>"


def _journal(words: _Words, chance: random.Random, year: int) -> str:
    number = int(800 * chance.random() ** 2)
    title = f"Journal of {words.rare[number]} and {words.rare[number + 800]}"
    printed = chance.choice(
        (
            f"<Year>{year}</Year><Month>{chance.choice(_MONTHS)}</Month><Day>{chance.randint(1, 28):02}</Day>",
            f"<Year>{year}</Year><Month>{chance.choice(_MONTHS)}</Month>",
            f"<Year>{year}</Year>",
            f"<Year>{year}</Year><Season>Spring</Season>",
            f"<MedlineDate>{year} Mar-Apr</MedlineDate>",
        )
    )
    return (
        f'<Journal><ISSN IssnType="Electronic">9999-{number:04}</ISSN><JournalIssue CitedMedium="Internet">'
        f"<Volume>{year - 1980}</Volume><Issue>{chance.randint(1, 12)}</Issue><PubDate>{printed}</PubDate>"
        f"</JournalIssue><Title>{title}</Title><ISOAbbreviation>{title[:30]}</ISOAbbreviation></Journal>\n"
    )


def _abstract(words: _Words, chance: random.Random) -> str:
    if chance.random() < 0.04:
        return ""
    if chance.random() < 0.5:
        return f"<Abstract><AbstractText>{_sentences(words, chance, 14)}</AbstractText></Abstract>\n"
    parts = (f'<AbstractText Label="{name}">{_sentences(words, chance, 3)}</AbstractText>\n' for name in _LABELS)
    return f"<Abstract>{''.join(parts)}</Abstract>\n"


def _sentences(words: _Words, chance: random.Random, number: int) -> str:
    return " ".join(words.sentence(chance, chance.randint(12, 26)) for _sentence in range(number))


def _authors(words: _Words, chance: random.Random) -> str:
    people = "".join(_author(words, chance) for _author_number in range(chance.randint(3, 9)))
    group = f"<Author><CollectiveName>{words.name(chance)} Study Group</CollectiveName></Author>\n"
    return f'<AuthorList CompleteYN="Y">\n{people}{group if chance.random() < 0.05 else ""}</AuthorList>\n'


def _author(words: _Words, chance: random.Random) -> str:
    given = words.name(chance)
    address = ", ".join(words.name(chance) for _part in range(20))
    return (
        f'<Author ValidYN="Y"><LastName>{words.name(chance)}</LastName><ForeName>{given}</ForeName>'
        f"<Initials>{given[0]}</Initials><AffiliationInfo><Affiliation>Department of {address}.</Affiliation>"
        "</AffiliationInfo></Author>\n"
    )


def _trial(chance: random.Random) -> str:
    if chance.random() > 0.05:
        return ""
    number = f"NCT{chance.randint(0, 99_999_999):08}"
    return (
        "<DataBankList><DataBank><DataBankName>ClinicalTrials.gov</DataBankName><AccessionNumberList>"
        f"<AccessionNumber>{number}</AccessionNumber></AccessionNumberList></DataBank></DataBankList>\n"
    )


def _grants(words: _Words, chance: random.Random) -> str:
    given = "".join(
        f"<Grant><GrantID>{chance.randint(1, 99_999)}</GrantID><Agency>{words.name(chance)} Fund</Agency>"
        "<Country>Nowhere</Country></Grant>"
        for _grant in range(chance.choice((0, 0, 1, 2)))
    )
    return f"<GrantList>{given}</GrantList>\n" if given else ""


def _types(chance: random.Random) -> str:
    types = "".join(f"<PublicationType>{name}</PublicationType>" for name in chance.choice(_TYPES))
    return f"<PublicationTypeList>{types}</PublicationTypeList>\n"


def _notices(words: _Words, chance: random.Random) -> str:
    if chance.random() > 0.04:
        return ""
    return (
        f'<CommentsCorrectionsList><CommentsCorrections RefType="{chance.choice(_NOTICES)}">'
        f"<RefSource>{words.name(chance)}. 2020;{chance.randint(1, 99)}:1</RefSource>"
        f'<PMID Version="1">{_FIRST_PMID - chance.randint(1, 99_999)}</PMID></CommentsCorrections>'
        "</CommentsCorrectionsList>\n"
    )


def _headings(words: _Words, chance: random.Random) -> str:
    made = "".join(_heading(words, chance) for _heading_number in range(chance.randint(4, 14)))
    return f"<MeshHeadingList>{made}</MeshHeadingList>\n"


def _heading(words: _Words, chance: random.Random) -> str:
    number = int(1_500 * chance.random() ** 2)
    star = chance.choice("NNY")
    return (
        f'<MeshHeading><DescriptorName UI="D{number:06}" MajorTopicYN="{star}">{words.rare[number].capitalize()}'
        f'</DescriptorName><QualifierName UI="Q{number % 80:06}" MajorTopicYN="N">{words.rare[number % 80]}'
        "</QualifierName></MeshHeading>\n"
    )


def _keywords(words: _Words, chance: random.Random) -> str:
    given: Sequence[str] = chance.choices(words.rare, k=chance.randint(0, 6))
    made = "".join(f'<Keyword MajorTopicYN="N">{word}</Keyword>' for word in given)
    return f'<KeywordList Owner="NOTNLM">{made}</KeywordList>\n' if made else ""


def _references(words: _Words, chance: random.Random, year: int) -> str:
    made = "".join(_reference(words, chance, year) for _reference_number in range(chance.randint(6, 20)))
    return f"<ReferenceList>{made}</ReferenceList>\n"


def _reference(words: _Words, chance: random.Random, year: int) -> str:
    names = ", ".join(f"{words.name(chance)} {chance.choice('ABCDEFG')}" for _name in range(3))
    cited = (
        f"{names}. {words.title(chance)} {words.name(chance)}. {year - chance.randint(0, 20)};{chance.randint(1, 99)}:1"
    )
    return (
        f"<Reference><Citation>{cited}</Citation><ArticleIdList>"
        f'<ArticleId IdType="pubmed">{chance.randint(1, _FIRST_PMID)}</ArticleId></ArticleIdList></Reference>\n'
    )


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("path", type=Path)
    arguments.add_argument("records", type=int)
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    write(chosen.path, chosen.records, chosen.seed)
