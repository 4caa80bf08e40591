"""JATS: articles in the XML that journals and PubMed Central keep them in, with their full text."""

import re

from articles.importers.format import Format
from articles.importers.jats import cutting
from articles.importers.jats.article import NAME

_PREFIX = r"(?:[A-Za-z_][\w.-]{0,40}:)?"
_PROLOGUE = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^<>\[]*(?:\[[^\]]*\]\s*)?>)*+", re.DOTALL)
_SET = re.compile(r"<pmc-articleset[\s/>]")
_ROOT = re.compile(rf"<(?!html[\s>]){_PREFIX}[A-Za-z]")
_ARTICLE = re.compile(rf"<{_PREFIX}article[\s>]")
_METADATA = re.compile(rf"<{_PREFIX}(?:article-meta|journal-meta|front)[\s>]")
_DTD = re.compile(r"<!DOCTYPE\s+article\s+PUBLIC\s+[\"']-//NLM//DTD")


def matches(text: str) -> bool:
    """An article with metadata such as JATS has, by itself or inside other XML; or a set of PMC's."""
    start = _PROLOGUE.match(text)
    place = start.end() if start else 0
    if _SET.match(text, place):
        return True
    if not _ROOT.match(text, place) or not _ARTICLE.search(text, place):
        return False
    return _METADATA.search(text, place) is not None or _DTD.search(text, 0, place) is not None


FORMAT = Format(NAME, "JATS full text (PubMed Central)", matches, cutting.split, version=2, standing=2)
