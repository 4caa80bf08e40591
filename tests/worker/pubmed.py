"""PubMed XML of any length, made up, the same each time."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

ARTICLE = """<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">{pmid}</PMID><Article PubModel="Print">
<Journal><JournalIssue CitedMedium="Print"><Volume>{volume}</Volume><Issue>{issue}</Issue><PubDate><Year>{year}</Year>
<Month>Mar</Month></PubDate></JournalIssue><Title>Journal of made-up trials {journal}</Title></Journal>
<ArticleTitle>{title}</ArticleTitle><Pagination><MedlinePgn>{page}-9</MedlinePgn></Pagination>
<ELocationID EIdType="doi" ValidYN="Y">10.9999/made.up.{pmid}</ELocationID>
<Abstract><AbstractText Label="METHODS">{methods}</AbstractText><AbstractText Label="RESULTS">{results}</AbstractText>
</Abstract><AuthorList CompleteYN="Y"><Author ValidYN="Y"><LastName>Writer{author}</LastName><ForeName>Ann</ForeName>
<Initials>A</Initials></Author><Author ValidYN="Y"><CollectiveName>Group {journal}</CollectiveName></Author>
</AuthorList><Language>eng</Language><PublicationTypeList>
<PublicationType UI="D016428">Journal Article</PublicationType>{trial}</PublicationTypeList></Article>
{notice}<MeshHeadingList><MeshHeading>
<DescriptorName UI="D009103" MajorTopicYN="Y">Multiple Sclerosis</DescriptorName></MeshHeading></MeshHeadingList>
</MedlineCitation></PubmedArticle>
"""
TRIAL = '<PublicationType UI="D016449">Randomized Controlled Trial</PublicationType>'
NOTICE = """<CommentsCorrectionsList><CommentsCorrections RefType="{type}"><RefSource>J. 2020;1</RefSource>
<PMID Version="1">{pmid}</PMID></CommentsCorrections></CommentsCorrectionsList>"""
FIRST = 90_000_001
SYLLABLES = [first + second for first in "bdfgklmnprstvz" for second in ("a", "el", "i", "or", "um", "ex")]


def write(path: Path, count: int) -> Path:
    """Write a set of `count` articles; some look alike, some say that another one was retracted."""
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<PubmedArticleSet>\n')
        file.writelines(articles(count))
        file.write("</PubmedArticleSet>\n")
    return path


def articles(count: int) -> Iterator[str]:
    for number in range(count):
        alike = number - 40 if number % 97 == 50 else number
        yield ARTICLE.format(
            pmid=FIRST + number,
            volume=1 + alike % 60,
            issue=1 + alike % 12,
            year=1990 + alike % 35,
            journal=alike % 40,
            title=f"{some(alike, 5).capitalize()} in multiple sclerosis: {some(alike + 10**7, 4)}",
            page=alike,
            methods=f"In {20 + number % 300} patients with multiple sclerosis we looked at {some(number, 30)}.",
            results=f"There was a change of {number % 89} per cent in {some(number + 10**6, 80)}.",
            author=alike % 500,
            trial=TRIAL if number % 3 == 0 else "",
            notice=notice(number, count),
        )


def notice(number: int, count: int) -> str:
    """Now and then a notice about an earlier article, or one that is yet to come."""
    if number % 50 == 7:
        return NOTICE.format(type="RetractionOf", pmid=FIRST + number - 5)
    if number % 50 == 13:
        return NOTICE.format(type="CommentIn", pmid=FIRST + min(number + 600, count - 1))
    return ""


def some(seed: int, length: int) -> str:
    """Words that no other seed gives."""
    numbers = Random(seed)
    return " ".join("".join(numbers.choices(SYLLABLES, k=numbers.randint(1, 4))) for _ in range(length))
