"""Records of PubMed by their numbers, as the XML that PubMed itself writes."""

import io
from collections.abc import Iterator, Mapping, Sequence

from lxml import etree

from articles.outside import batches, eutils
from articles.outside.client import Answer, Client
from articles.outside.errors import FetchError, Unreachable
from articles.outside.result import Fetched, NotFetched
from articles.outside.settings import Settings
from articles.outside.wanted import Identifier

BATCH = 200


def records(
    client: Client, settings: Settings, wanted: Mapping[str, Sequence[Identifier]]
) -> Iterator[Fetched | NotFetched]:
    """The records of PMIDs, at most 200 in a file; `wanted` says which identifiers each PMID answers.

    Each identifier whose record did not come is named.
    """

    def question(pmids: Sequence[str]) -> Answer:
        form = {"id": ",".join(pmids), "retmode": "xml"}
        return eutils.ask(client, settings, "efetch", form, pmids_in)

    numbers = list(wanted)
    for start in range(0, len(numbers), BATCH):
        for pmids, answer in batches.ask(numbers[start : start + BATCH], question):
            yield from _results(pmids, answer, wanted)


def pmids_in(answer: Answer) -> set[str]:
    """The PMIDs of the records in an answer. Raises `Unreachable` where it is not whole, or no set of records."""
    found: set[str] = set()
    tags = ("PubmedArticle", "PubmedBookArticle")
    reader = etree.iterparse(io.BytesIO(answer.data), tag=tags, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        for _, element in reader:
            found |= {element.findtext("MedlineCitation/PMID") or element.findtext("BookDocument/PMID") or ""}
            element.clear()
    except etree.XMLSyntaxError as error:
        raise Unreachable(f"{answer.final_address} sent XML that cannot be read, or not all of it.") from error
    if reader.root.tag != "PubmedArticleSet":
        raise Unreachable(f"{answer.final_address} sent no PubMed records but <{reader.root.tag}>.")
    return {number.strip() for number in found}


def _results(
    pmids: Sequence[str], answer: Answer | FetchError, wanted: Mapping[str, Sequence[Identifier]]
) -> Iterator[Fetched | NotFetched]:
    if isinstance(answer, FetchError):
        yield from (NotFetched(identifier, str(answer)) for pmid in pmids for identifier in wanted[pmid])
        return
    known = set() if eutils.is_empty(answer) else pmids_in(answer)
    found = [pmid for pmid in pmids if pmid in known]
    if found:
        name = f"PubMed {found[0]}" + (f" and {len(found) - 1} more" if len(found) > 1 else "")
        answered = tuple(identifier for pmid in found for identifier in wanted[pmid])
        yield Fetched(name, answer.final_address, answer.data, answer.fetched_at, answered)
    for pmid in pmids:
        if pmid not in known:
            yield from (NotFetched(identifier, f"PubMed has no record {pmid}.") for identifier in wanted[pmid])
