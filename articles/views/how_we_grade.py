from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.lib import vocabulary as vocab
from articles.lib.evidence import RULES
from articles.queries.voices import LITERATURE_KINDS

# (anchor, heading, vocabulary), in reading order. Badges elsewhere link to #anchor-value.
DEFINED = (
    ("effect", "Effect", vocab.Effect),
    ("level", "Evidence level", vocab.EvidenceLevel),
    ("wording", "Wording", vocab.Wording),
    ("basis", "Basis offered", vocab.Basis),
    ("role", "Role of the quote", vocab.QuoteRole),
    ("claim_type", "Type of claim", vocab.ClaimType),
    ("design", "Study design", vocab.Design),
    ("subject", "Studied in", vocab.Subject),
    ("comparator", "Compared with", vocab.Comparator),
    ("therapy_relation", "How therapies belong together", vocab.TherapyRelation),
    ("disclosures", "What a page says of itself", vocab.Disclosure),
    ("kind", "Kind of source", vocab.Kind),
    ("interest", "Publisher's interest", vocab.PublisherInterest),
    ("text_basis", "Text read", vocab.TextBasis),
    ("publication_status", "Publication status", vocab.PublicationStatus),
    ("study_group_relation", "Papers on one study", vocab.StudyGroupRelation),
    ("link", "Publications that belong together", vocab.LinkRelation),
    ("identifier", "Numbers and addresses", vocab.IdentifierScheme),
    ("agreement", "Side by side", vocab.Agreement),
    ("evidence_match", "Promise and evidence", vocab.EvidenceMatch),
    ("anchor_state", "State of the quote", vocab.AnchorState),
    ("status", "Status of a claim", vocab.ClaimStatus),
    ("origin", "Origin of a claim", vocab.Origin),
    ("relation", "Relations between claims", vocab.ClaimRelation),
    ("relation_state", "Status of a relation", vocab.RelationState),
    ("certainty", "Certainty of the evidence", vocab.Certainty),
    ("seller_verdict", "Promises held against the evidence", vocab.SellerVerdict),
)


def how_we_grade(request: HttpRequest) -> HttpResponse:
    """Every public value, defined; where levels come from, what is counted, what is matched, and the limits."""
    # Lists, because a template calls whatever can be called, such as the class of a vocabulary.
    defined = [(anchor, heading, terms.__doc__, list(terms)) for anchor, heading, terms in DEFINED]
    context = {
        "defined": defined,
        "rules": RULES,
        "wordings": list(reversed(vocab.Wording)),
        "matches": list(vocab.EvidenceMatch),
        "certainties": [certainty.label.lower() for certainty in vocab.Certainty],
        "literature_kinds": LITERATURE_KINDS,
    }
    return render(request, "articles/how_we_grade.html", context)
