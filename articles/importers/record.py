"""What an import format hands over: one record for each source, whatever file it came in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from articles.lib.anchoring import Anchor
from articles.lib.document import Document, Section
from articles.lib.partial_date import PartialDate


class ParseError(ValueError):
    """The file cannot be read as its format. `line` (from 1) is where, if that is known; the message names it too."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(f"line {line}: {message}" if line else message)
        self.line = line


@dataclass(frozen=True)
class Contributor:
    """An author: a person (`family`, `given`) or a `collective`; `as_written` is how the source prints the name."""

    as_written: str
    family: str = ""
    given: str = ""
    collective: str = ""
    orcid: str = ""
    affiliation: str = ""


@dataclass(frozen=True)
class ClaimRecord:
    """A claim that came with its source. Values are those of `articles.lib.vocabulary`; blank is "not assessed".

    `not_reported` names the study facts of which the curator says that the source does not report them; their fields
    are then empty. `anchor` is the place of the quote in the record's document.
    """

    quote: str
    anchor: Anchor
    statement: str
    claim_type: str
    therapies: tuple[str, ...]
    therapy_relation: str
    condition: str
    outcome: str
    effect: str
    wording: str
    basis: str
    quote_role: str
    comparator: str = ""
    design: str = ""
    subject: str = ""
    n: int | None = None
    follow_up: str = ""
    route_and_dose: str = ""
    effect_text: str = ""
    not_reported: tuple[str, ...] = ()
    disclosures: tuple[str, ...] = ()
    therapy_as_written: str = ""
    condition_as_written: str = ""
    outcome_as_written: str = ""
    evidence_level: int | None = None
    evidence_level_reason: str = ""


@dataclass(frozen=True)
class OtherText:
    """A title or an abstract beside the main one: in another language, or for other readers.

    `part` is "title" or "abstract"; `language` as the record gives it, blank where it gives none; `label` says what
    sort of text it is where the record says so, such as "plain-language-summary".
    """

    part: str
    text: str
    language: str = ""
    label: str = ""


@dataclass(frozen=True)
class LinkedRecord:
    """Another publication that the record names: its retraction, erratum, comment, newer version and the like.

    `relation` is a value of `vocabulary.LinkRelation`, read as "this record has its ...": "retraction_in" points to
    the notice that retracts this record. `citation` is the other publication as printed.
    """

    relation: str
    citation: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Record:
    """A source as its file gives it; a fact the file lacks stays blank (None for yes-or-no facts).

    `guesses` holds, for each field whose value was guessed, the reason in plain English. `repairs` says what was put
    right in the text. `references` are the citations the source itself makes. `extra` keeps, ready for JSON, what the
    format said and no field holds. `study_group` has the keys name and relation, or is empty.

    `identifiers` are of this document alone; `trial_ids` (scheme, value) name the studies it reports, which other
    documents report too. `mesh_headings` are written as MEDLINE does: "Multiple Sclerosis/*drug therapy", the star at
    what the document is mainly about. `original_title` is the title in the document's own language where `title` is a
    translation (without its square brackets).
    """

    title: str
    document: Document
    format: str
    kind: str = ""
    publisher_interest: str = ""
    text_basis: str = ""
    description: str = ""
    container: str = ""
    date: PartialDate | None = None
    volume: str = ""
    issue: str = ""
    pages: str = ""
    language: str = ""
    licence: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()
    contributors: tuple[Contributor, ...] = ()
    publication_types: tuple[str, ...] = ()
    design: str = ""
    publication_status: str = ""
    status_notice: str = ""
    links: tuple[LinkedRecord, ...] = ()
    trial_ids: tuple[tuple[str, str], ...] = ()
    mesh_headings: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    grants: tuple[str, ...] = ()
    conflict_of_interest: str = ""
    original_title: str = ""
    other_texts: tuple[OtherText, ...] = ()
    publisher: str = ""
    is_medline: bool | None = None
    is_free_full_text: bool | None = None
    full_text_providers: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    repairs: tuple[str, ...] = ()
    guesses: Mapping[str, str] = field(default_factory=dict)
    therapies: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    study_group: Mapping[str, str] = field(default_factory=dict)
    claims: tuple[ClaimRecord, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    raw_sha256: str = ""
