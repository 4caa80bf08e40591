"""A small writer of PubMed's XML: records of MEDLINE's tagged text as PubMed itself gives them in XML.

It reads the tags and writes the elements by itself, so that the two importers can be held against each other.
"""

import re
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

Tags = list[tuple[str, str]]

_TAG = re.compile(r"([A-Z]{2,4}) *- (.*)")
_MARKED = re.compile(r"(.*) \[(\w+)\]")
_HEADINGS_OF_ABSTRACTS = (
    *("AIM", "AIMS", "BACKGROUND", "BACKGROUND AND AIM", "BACKGROUND AND IMPORTANCE", "BACKGROUND AND OBJECTIVES"),
    *("BACKGROUND AND PURPOSE", "BACKGROUND/OBJECTIVE", "CASE DESCRIPTION", "CLINICAL PRESENTATION", "CONCLUSION"),
    *("CLINICAL TRIAL REGISTRATION", "CONCLUSIONS", "DESIGN", "DISCUSSION", "FINDINGS", "INTERPRETATION"),
    *("INTRODUCTION", "MATERIAL AND METHODS", "MATERIALS AND METHODS", "METHOD", "METHODS", "OBJECTIVE", "OBJECTIVES"),
    *(
        "CITATION FORMAT",
        "METHODS AND RESULTS",
        "CLINICAL TRIAL REGISTRATION",
        "GOALS",
        "KEY MESSAGES",
        "KEY POINTS",
        "SUMMARY",
    ),
    *("PATIENTS AND METHODS", "PURPOSE", "RESULT", "RESULTS", "STUDY DESIGN", "TRIAL REGISTRATION NUMBER"),
)
_SUFFIXES = ("Jr", "Sr", "2nd", "3rd", "4th")
_NOTICES = {"CIN": "CommentIn", "CON": "CommentOn", "EIN": "ErratumIn", "RIN": "RetractionIn", "UOF": "UpdateOf"}


def records(text: str) -> list[Tags]:
    """The records of a file, each as its tags in order."""
    found: list[Tags] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        if tag := _TAG.fullmatch(line.rstrip()) or _TAG.fullmatch(f"{line.rstrip()} "):
            if tag[1] == "PMID":
                found.append([])
            found[-1].append((tag[1], tag[2].strip()))
        elif line.startswith("      "):
            name, value = found[-1][-1]
            found[-1][-1] = (name, f"{value} {line.strip()}")
    return found


def article_set(found: Iterable[Tags]) -> str:
    """The records as a PubmedArticleSet."""
    return f"<PubmedArticleSet>{''.join(map(_article, found))}</PubmedArticleSet>"


def _article(tags: Tags) -> str:
    status = quoteattr(first(tags, "STAT"))
    citation = "".join(
        (
            f'<PMID Version="1">{first(tags, "PMID")}</PMID>',
            f'<Article PubModel="Print">{"".join(_in_article(tags))}</Article>',
            _element("MedlineJournalInfo", _texts(tags, Country="PL", MedlineTA="TA", NlmUniqueID="JID")),
            *_texts(tags, CitationSubset="SB"),
            _element("CommentsCorrectionsList", _notices(tags)),
            _element("MeshHeadingList", map(_heading, every(tags, "MH"))),
            *_other_abstracts(tags),
            _keywords(tags),
            *_texts(tags, CoiStatement="COIS"),
        )
    )
    data = _element("PublicationStatus", first(tags, "PST")) + _element("ArticleIdList", _numbers(tags))
    return (
        f'<PubmedArticle><MedlineCitation Status={status} Owner="NLM">{citation}</MedlineCitation>'
        f"<PubmedData>{data}</PubmedData></PubmedArticle>"
    )


def _in_article(tags: Tags) -> Iterator[str]:
    issue = "".join((*_texts(tags, Volume="VI", Issue="IP"), _date(first(tags, "DP"))))
    journal = f'<JournalIssue CitedMedium="Internet">{issue}</JournalIssue>'
    yield _element("Journal", [journal, *_texts(tags, Title="JT", ISOAbbreviation="TA")])
    yield _element("ArticleTitle", escape(first(tags, "TI")))
    located = every(tags, "LID")
    pages = every(tags, "PG") or [value for value in located if "[" not in value]
    yield _element("Pagination", (_element("MedlinePgn", escape(value)) for value in pages))
    for number, kind in map(_marked, filter(_MARKED.fullmatch, located)):
        yield f'<ELocationID EIdType="{kind}" ValidYN="Y">{escape(number)}</ELocationID>'
    abstract = [_labelled(label, text) for value in every(tags, "AB") for label, text in _divided(value)]
    yield _element("Abstract", [*abstract, *_texts(tags, CopyrightInformation="CI")] if abstract else [])
    yield f'<AuthorList CompleteYN="Y">{"".join(_authors(tags))}</AuthorList>'
    yield from _texts(tags, Language="LA")
    yield _element("DataBankList", map(_data_bank, every(tags, "SI")))
    yield _element("GrantList", map(_grant, every(tags, "GR")))
    yield _element("PublicationTypeList", _texts(tags, PublicationType="PT"))
    yield from _texts(tags, VernacularTitle="TT")


def _marked(value: str) -> tuple[str, str]:
    """A number and the kind in brackets behind it."""
    number, kind = _MARKED.fullmatch(value).groups()
    return number, kind


def _date(printed: str) -> str:
    year, _space, rest = printed.partition(" ")
    if not rest:
        return f"<PubDate><Year>{year}</Year></PubDate>"
    if re.fullmatch("Winter|Spring|Summer|Fall|Autumn", rest):
        return f"<PubDate><Year>{year}</Year><Season>{rest}</Season></PubDate>"
    day = re.fullmatch(r"([A-Z][a-z]{2})(?: (\d+))?", rest)
    if day is None:
        return f"<PubDate><MedlineDate>{printed}</MedlineDate></PubDate>"
    return f"<PubDate><Year>{year}</Year><Month>{day[1]}</Month>{_element('Day', day[2] or '')}</PubDate>"


def _divided(abstract: str) -> Iterator[tuple[str, str]]:
    names = "|".join(map(re.escape, sorted(_HEADINGS_OF_ABSTRACTS, key=len, reverse=True)))
    pieces = re.split(rf"(?:^|(?<= ))({names}): ", abstract)
    if pieces[0]:
        yield "", pieces[0].strip()
    yield from ((label, text.strip()) for label, text in zip(pieces[1::2], pieces[2::2], strict=True))


def _labelled(label: str, text: str) -> str:
    return f"<AbstractText{f' Label={quoteattr(label)}' if label else ''}>{escape(text)}</AbstractText>"


def _authors(tags: Tags) -> Iterator[str]:
    """Each author begins with FAU or CN; what stands below it is the author's own."""
    people: list[list[tuple[str, str]]] = []
    for tag, value in tags:
        if tag in ("FAU", "CN"):
            people.append([(tag, value)])
        elif tag in ("AU", "AUID", "AD"):
            people[-1].append((tag, value))
    return map(_author, people)


def _author(person: Tags) -> str:
    if collective := first(person, "CN"):
        name = _element("CollectiveName", escape(collective))
    else:
        name = _name(first(person, "FAU"), first(person, "AU"))
    orcids = [value.removeprefix("ORCID: ") for value in every(person, "AUID")]
    identifiers = "".join(f'<Identifier Source="ORCID">{orcid}</Identifier>' for orcid in orcids)
    places = "".join(
        f"<AffiliationInfo><Affiliation>{escape(place)}</Affiliation></AffiliationInfo>"
        for place in every(person, "AD")
    )
    return f'<Author ValidYN="Y">{name}{identifiers}{places}</Author>'


def _name(full: str, short: str) -> str:
    family, _comma, given = full.partition(", ")
    suffix = next((suffix for suffix in _SUFFIXES if given.endswith(f" {suffix}")), "")
    initials = short.removeprefix(family).removesuffix(suffix).strip()
    parts = {"LastName": family, "ForeName": given.removesuffix(suffix).strip(), "Initials": initials, "Suffix": suffix}
    return "".join(_element(name, escape(part)) for name, part in parts.items())


def _data_bank(value: str) -> str:
    bank, _stroke, number = value.partition("/")
    numbers = f"<AccessionNumberList><AccessionNumber>{number}</AccessionNumber></AccessionNumberList>"
    return f"<DataBank><DataBankName>{bank}</DataBankName>{numbers}</DataBank>"


def _grant(value: str) -> str:
    *numbers, agency, country = value.split("/")
    number, acronym = (*numbers, "", "")[:2]
    parts = {"GrantID": number, "Acronym": acronym, "Agency": agency, "Country": country}
    return f"<Grant>{''.join(_element(name, escape(part)) for name, part in parts.items())}</Grant>"


def _notices(tags: Tags) -> Iterator[str]:
    for tag, kind in _NOTICES.items():
        for value in every(tags, tag):
            source, _gap, pmid = value.partition(". PMID: ")
            number = f'<PMID Version="1">{pmid}</PMID>' if pmid else ""
            yield (
                f'<CommentsCorrections RefType="{kind}"><RefSource>{escape(source)}</RefSource>{number}'
                "</CommentsCorrections>"
            )


def _heading(value: str) -> str:
    """A star before a term makes it a major topic."""
    descriptor, *qualifiers = value.split("/")
    return _element(
        "MeshHeading", [_term("DescriptorName", descriptor), *(_term("QualifierName", q) for q in qualifiers)]
    )


def _term(name: str, term: str) -> str:
    return f'<{name} MajorTopicYN="{"Y" if term.startswith("*") else "N"}">{escape(term.removeprefix("*"))}</{name}>'


def _keywords(tags: Tags) -> str:
    words = "".join(_term("Keyword", word) for word in every(tags, "OT"))
    return f"<KeywordList Owner={quoteattr(first(tags, 'OTO'))}>{words}</KeywordList>" if words else ""


def _other_abstracts(tags: Tags) -> Iterator[str]:
    for value, language in zip(every(tags, "OAB"), every(tags, "OABL"), strict=True):
        kind, _gap, text = value.partition(": ")
        yield (
            f'<OtherAbstract Type="{kind}" Language="{language}"><AbstractText>{escape(text)}</AbstractText>'
            "</OtherAbstract>"
        )


def _numbers(tags: Tags) -> Iterator[str]:
    yield f'<ArticleId IdType="pubmed">{first(tags, "PMID")}</ArticleId>'
    for number in every(tags, "PMC"):
        yield f'<ArticleId IdType="pmc">{number}</ArticleId>'
    for number, kind in map(_marked, every(tags, "AID")):
        yield f'<ArticleId IdType="{kind}">{escape(number)}</ArticleId>'


def _texts(tags: Tags, **elements: str) -> list[str]:
    return [_element(name, escape(value)) for name, tag in elements.items() for value in every(tags, tag)]


def _element(name: str, content: str | Iterable[str]) -> str:
    """The element; nothing where it would be empty."""
    inside = "".join(content)
    return f"<{name}>{inside}</{name}>" if inside else ""


def every(tags: Tags, wanted: str) -> list[str]:
    """All values of a tag."""
    return [value for tag, value in tags if tag == wanted and value]


def first(tags: Tags, wanted: str) -> str:
    """The first value of a tag, blank where there is none."""
    return next(iter(every(tags, wanted)), "")
