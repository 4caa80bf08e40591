"""The records. One aggregate per file; the rules that must always hold are constraints and triggers of the database."""

from articles.models.assessment import Assessment
from articles.models.claim import Claim, ClaimTherapy
from articles.models.listing import ClaimListing, ListingChange, SourceListing
from articles.models.relation import Relation
from articles.models.run import ImportEntry, ImportFile, ImportRun, Reading
from articles.models.source import (
    CitedReference,
    Contributor,
    Identifier,
    LinkedPublication,
    Publisher,
    Source,
    StudyGroup,
)
from articles.models.suggestion import DuplicatePair, TagSuggestion
from articles.models.trees import Condition, Node, Outcome, Therapy
from articles.models.version import SourceVersion

__all__ = [
    "Assessment",
    "CitedReference",
    "Claim",
    "ClaimListing",
    "ClaimTherapy",
    "Condition",
    "Contributor",
    "DuplicatePair",
    "Identifier",
    "ImportEntry",
    "ImportFile",
    "ImportRun",
    "LinkedPublication",
    "ListingChange",
    "Node",
    "Outcome",
    "Publisher",
    "Reading",
    "Relation",
    "Source",
    "SourceListing",
    "SourceVersion",
    "StudyGroup",
    "TagSuggestion",
    "Therapy",
]
