"""The controlled vocabularies: every allowed value, its label and what it means, in one place.

Models take their choices from here, importers check against it and the page "How we grade" prints it.
The order of the members is the order in which people see them.
"""

from enum import StrEnum


class Term(StrEnum):
    """A value with a label and a one-sentence definition, both in plain English."""

    label: str
    definition: str

    def __new__(cls, value: str, label: str, definition: str) -> "Term":
        term = str.__new__(cls, value)
        term._value_ = value
        term.label = label
        term.definition = definition
        return term

    @classmethod
    def choices(cls) -> tuple[tuple[str, str], ...]:
        """Pairs of (value, label), in order, as form fields and model fields want them."""
        return tuple((term.value, term.label) for term in cls)

    @classmethod
    def values(cls) -> tuple[str, ...]:
        """The allowed values, in order."""
        return tuple(term.value for term in cls)


class Kind(Term):
    """What sort of document a source is."""

    ABSTRACT = "abstract", "Abstract", "The summary of a research paper, as a bibliographic database holds it."
    REVIEW = "review", "Review", "A paper that gathers and weighs the studies of others."
    CLINIC_PAGE = "clinic_page", "Clinic page", "A page by which a clinic or company presents a treatment it offers."
    GUIDELINE = "guideline", "Guideline", "Recommendations for practice by a professional or public body."
    TRIAL_REGISTRATION = "trial_registration", "Trial registration", "The entry of a study in a trial register."
    REGULATOR_PAGE = "regulator_page", "Regulator page", "A statement by an authority that licenses treatments."
    NEWS = "news", "News", "A report by a newspaper, magazine or news site."
    OTHER = "other", "Other", "A document of another sort."


class PublisherInterest(Term):
    """What the publisher of a source stands to gain from it."""

    SELLS_THERAPY = "sells_therapy", "Sells the therapy", "The publisher offers the therapy it writes about for money."
    INDUSTRY_FUNDED = "industry_funded", "Industry funded", "A maker of the therapy paid for the work."
    INDEPENDENT = "independent", "Independent", "The source states that nobody with a stake in the therapy paid for it."
    UNKNOWN = "unknown", "Unknown", "The source does not say who paid for it."


class TextBasis(Term):
    """Which text a quote was checked against."""

    ABSTRACT = "abstract", "Abstract", "The abstract as published; the paper itself was not read."
    FULL_TEXT = "full_text", "Full text", "The whole paper."
    WEB_PAGE = "web_page", "Web page", "The text of a web page."
    EXCERPT = "excerpt", "Excerpt", "A part of the document."
    DIGEST = "digest", "Digest", "A summary in the curators' own words; quotes are words of the summary."
    METADATA_ONLY = "metadata_only", "Citation only", "No text is held, only the citation."


class PublicationStatus(Term):
    """Whether a publication still stands."""

    CURRENT = "current", "Current", "No notice against the publication is known."
    CORRECTED = "corrected", "Corrected", "A correction was published."
    EXPRESSION_OF_CONCERN = (
        "expression_of_concern",
        "Expression of concern",
        "The publisher warned that the work may not be reliable.",
    )
    RETRACTED = "retracted", "Retracted", "The publication was taken back and should not be relied on."
    WITHDRAWN = "withdrawn", "Withdrawn", "The publication was removed by its authors or its publisher."


class CurationState(Term):
    """How far the curators are with a source."""

    NEW = "new", "New", "Nobody has worked on the source yet."
    IN_PROGRESS = "in_progress", "In progress", "A curator is taking claims from it."
    EXTRACTED = "extracted", "Extracted", "Its claims have been taken; the work is done."
    EXCLUDED = "excluded", "Excluded", "Left out, with a reason."


class StudyGroupRelation(Term):
    """How a source belongs to the trial or cohort behind it."""

    SAME_TRIAL = "same_trial", "Same trial", "Reports the same trial as the others in the group."
    OVERLAPPING_PATIENTS = (
        "overlapping_patients",
        "Overlapping patients",
        "Reports on some of the same patients as the others in the group.",
    )
    EXTENDED_FOLLOW_UP = "extended_follow_up", "Extended follow-up", "Follows the same patients for longer."
    REPUBLICATION = "republication", "Republication", "Publishes the same work again."


class ClaimType(Term):
    """What a claim is about."""

    BENEFIT = "benefit", "Benefit", "Whether the therapy helps with the outcome."
    HARM_OR_SAFETY = "harm_or_safety", "Harm or safety", "Whether the therapy does harm, or none was seen."
    MECHANISM = "mechanism", "Mechanism", "How the therapy is said to work."
    COMPARATIVE = "comparative", "Comparison", "Whether one therapy does better than another."
    DOSE_OR_PROTOCOL = "dose_or_protocol", "Dose or protocol", "How, how much or how often the therapy is given."
    EVIDENCE_STATE = "evidence_state", "State of the evidence", "How much is known, such as 'not enough evidence'."
    REGULATORY_STATUS = "regulatory_status", "Regulatory status", "Whether an authority allows the therapy."
    COST_OR_ACCESS = "cost_or_access", "Cost or access", "What the therapy costs or who can have it."


class QuoteRole(Term):
    """What the quoted words do in their document."""

    OWN_RESULT = "own_result", "Own result", "Reports what the authors' own study found."
    REVIEW_SYNTHESIS = "review_synthesis", "Review synthesis", "Sums up the studies that a review gathered."
    BACKGROUND = "background", "Background", "Repeats what is taken as known, before the document's own work."
    AUTHORS_CONCLUSION = "authors_conclusion", "Authors' conclusion", "States what the authors conclude."
    HYPOTHESIS_OR_PLAN = "hypothesis_or_plan", "Hypothesis or plan", "States what is supposed or is going to be done."
    PROMOTIONAL = "promotional", "Promotional", "Advertises the therapy."
    TESTIMONIAL = "testimonial", "Testimonial", "Tells of one person's experience to recommend the therapy."
    RISK_STATEMENT = "risk_statement", "Risk statement", "Warns of a risk or says that there is none."
    REGULATORY_STATEMENT = "regulatory_statement", "Regulatory statement", "States what an authority decided."


class TherapyRelation(Term):
    """How the therapies of one claim belong together."""

    SINGLE = "single", "Single", "One therapy by itself."
    COMBINATION = "combination", "Combination", "Several therapies given together."
    SEQUENTIAL = "sequential", "One after the other", "Several therapies, each following the one before."
    ALTERNATIVES = "alternatives", "Alternatives", "Several therapies, any one of which is meant."


class Effect(Term):
    """The direction for the patient on the outcome, as the source says it."""

    BENEFICIAL = "beneficial", "Beneficial", "The source says the patient is better off on this outcome."
    NO_DIFFERENCE = "no_difference", "No difference", "The source says that no difference was found."
    HARMFUL = "harmful", "Harmful", "The source says the patient is worse off on this outcome."
    MIXED = "mixed", "Mixed", "The source reports results that point in different directions."
    UNCLEAR = "unclear", "Unclear", "The source says that it cannot be told."
    NOT_STATED = "not_stated", "Not stated", "The source gives no direction."
    NONE_OBSERVED = "none_observed", "None observed", "For safety only: the source says that no harm was seen."


class Wording(Term):
    """How sure the source sounds."""

    GUARANTEED = "guaranteed", "Guaranteed", "The result is promised."
    DEFINITE = "definite", "Definite", "The result is stated as a fact."
    QUALIFIED = "qualified", "Qualified", "The result is stated with a reserve such as 'may' or 'can'."
    SPECULATIVE = "speculative", "Speculative", "The result is hoped for or supposed."


class Basis(Term):
    """What the source offers as support for the claim."""

    OWN_DATA = "own_data", "Own data", "Data that the source itself reports."
    CITES_STUDY = "cites_study", "Cites a study", "A study by others."
    CITES_REVIEW = "cites_review", "Cites a review", "A review by others."
    TESTIMONIAL = "testimonial", "Testimonial", "The experience of one or a few patients."
    AUTHORITY = "authority", "Authority", "The word of an expert, a body or an unnamed 'studies show'."
    NONE = "none", "None", "Nothing is offered as support."


class Comparator(Term):
    """What the therapy was compared with."""

    PLACEBO_OR_SHAM = "placebo_or_sham", "Placebo or sham", "A treatment made to look the same but without effect."
    ACTIVE = "active", "Active treatment", "Another treatment that is meant to work."
    USUAL_CARE = "usual_care", "Usual care", "The care that patients would have had anyway, or no treatment."
    DOSE_OR_ROUTE = "dose_or_route", "Another dose or route", "The same therapy given in another amount or way."
    BEFORE_AFTER = "before_after", "Before and after", "The same patients before the treatment."
    NONE = "none", "None", "There was nothing to compare with."
    NOT_REPORTED = "not_reported", "Not reported", "The source does not say."


# A result against these says which does better, not whether the therapy has an effect.
AGAINST_ANOTHER_TREATMENT = (Comparator.ACTIVE, Comparator.DOSE_OR_ROUTE)


class Design(Term):
    """The design of the study behind a claim."""

    SYSTEMATIC_REVIEW_RCT = (
        "systematic_review_rct",
        "Systematic review of randomised trials",
        "A review that searched for all randomised trials on a question by a stated method.",
    )
    SYSTEMATIC_REVIEW = (
        "systematic_review",
        "Systematic review",
        "A review that searched for all studies on a question by a stated method, not only randomised trials.",
    )
    NARRATIVE_REVIEW = "narrative_review", "Narrative review", "A review without a stated method of search."
    RANDOMISED_TRIAL = "randomised_trial", "Randomised trial", "Chance decided who got which treatment."
    CONTROLLED_TRIAL = (
        "controlled_trial",
        "Controlled trial, not randomised",
        "A treated and an untreated group were compared, but not chosen by chance.",
    )
    COHORT = "cohort", "Cohort", "A group of people was followed over time."
    CASE_CONTROL = (
        "case_control",
        "Case-control",
        "People with and without the outcome were compared backwards in time.",
    )
    CROSS_SECTIONAL = "cross_sectional", "Cross-sectional", "People were looked at once, at one point in time."
    BEFORE_AFTER = "before_after", "Before and after", "The same people before and after, without a control group."
    CASE_SERIES = "case_series", "Case series", "Several patients are described, without a control group."
    CASE_REPORT = "case_report", "Case report", "One patient or a few are described."
    ANIMAL_EXPERIMENT = "animal_experiment", "Animal experiment", "The therapy was tried in animals."
    LABORATORY = "laboratory", "Laboratory study", "Cells, tissue or samples were studied."
    PROTOCOL = "protocol", "Protocol", "The plan of a study, without results."
    ECONOMIC_EVALUATION = "economic_evaluation", "Economic evaluation", "Costs were weighed against effects."
    OPINION = "opinion", "Opinion", "An editorial, letter or comment."
    NOT_REPORTED = "not_reported", "Not reported", "The source does not say."


class Subject(Term):
    """In whom or in what the claim was studied."""

    HUMAN = "human", "People", "Studied in people."
    ANIMAL = "animal", "Animals", "Studied in living animals."
    IN_VITRO = "in_vitro", "Cells or tissue", "Studied outside a living body."
    IN_SILICO = "in_silico", "Computer model", "Calculated or simulated."
    NONE = "none", "None", "Nothing was studied."
    NOT_REPORTED = "not_reported", "Not reported", "The source does not say."


class Disclosure(Term):
    """What a page tells its readers about the therapy's limits."""

    UNPROVEN_OR_EXPERIMENTAL = (
        "unproven_or_experimental",
        "Unproven or experimental",
        "Says that the therapy is unproven or experimental.",
    )
    LIMITED_EVIDENCE = "limited_evidence", "Limited evidence", "Says that the evidence is limited."
    GENERAL_RISKS = "general_risks", "General risks", "Mentions risks in general."
    THERAPY_SPECIFIC_RISKS = "therapy_specific_risks", "Specific risks", "Names risks of this therapy."
    REGULATORY_STATUS = "regulatory_status", "Regulatory status", "Says whether an authority has approved the therapy."


class AnchorState(Term):
    """Whether the quote of a claim still stands in the text of its source."""

    EXACT = "exact", "Exact", "The quote stands where it was marked."
    MOVED = "moved", "Moved", "The same words stand once, at another place."
    AMBIGUOUS = "ambiguous", "Ambiguous", "The same words stand more than once; a person must choose."
    MISSING = "missing", "Missing", "The words no longer stand in the text."


class ClaimStatus(Term):
    """How far a claim is in review."""

    SUGGESTED = "suggested", "Suggested", "Proposed by a program; nobody has checked it."
    DRAFT = "draft", "Draft", "A curator is working on it."
    SUBMITTED = "submitted", "Submitted", "Waiting for a reviewer."
    ACCEPTED = "accepted", "Accepted", "Checked by a second person."
    REJECTED = "rejected", "Rejected", "Turned down by a reviewer, with a reason."
    RETIRED = "retired", "Retired", "No longer used; another claim may take its place."


class Origin(Term):
    """Who or what wrote a claim down."""

    PERSON = "person", "Person", "A curator."
    RULE = "rule", "Rule", "A fixed rule of this software."
    MODEL = "model", "Language model", "A language model, named with its version."
    IMPORT = "import", "Import", "A file that was read in."


class EvidenceLevel(Term):
    """How strong the evidence behind a claim is (Oxford CEBM 2011); blank where it cannot be derived."""

    ONE = "1", "Level 1", "A systematic review of randomised trials."
    TWO = "2", "Level 2", "A randomised trial in people."
    THREE = "3", "Level 3", "A controlled cohort or follow-up study in people."
    FOUR = "4", "Level 4", "A case series, case report or before-and-after study in people."
    FIVE = "5", "Level 5", "An experiment in animals or in the laboratory, or reasoning from a mechanism."
    NONE_OFFERED = "0", "No evidence offered", "The source promises or tells a story and offers no evidence."


class IdentifierScheme(Term):
    """The systems of identifiers that a source may carry."""

    PMID = "pmid", "PMID", "The number of a record in PubMed."
    PMCID = "pmcid", "PMCID", "The number of a paper in PubMed Central, where its full text is free."
    DOI = "doi", "DOI", "The digital object identifier of a publication."
    NCT = "nct", "ClinicalTrials.gov", "The number of a study in the register ClinicalTrials.gov."
    ISRCTN = "isrctn", "ISRCTN", "The number of a study in the ISRCTN register."
    EUDRACT = "eudract", "EudraCT", "The number of a study in the European register EudraCT."
    URL = "url", "Web address", "The address at which the document was found."
    ARCHIVE_URL = "archive_url", "Archived copy", "The address of a copy kept by a web archive."
    ISBN = "isbn", "ISBN", "The international standard number of a book."


class LinkRelation(Term):
    """How another publication stands to a source."""

    RETRACTION_IN = "retraction_in", "Retracted by", "The notice that retracts this publication."
    RETRACTION_OF = "retraction_of", "Retracts", "This is the notice that retracts the other one."
    PARTIAL_RETRACTION_IN = "partial_retraction_in", "Retracted in part by", "The notice that retracts a part of it."
    PARTIAL_RETRACTION_OF = "partial_retraction_of", "Retracts a part of", "This is the notice that retracts a part."
    CONCERN_IN = "concern_in", "Expression of concern", "The notice in which its journal expresses concern about it."
    CONCERN_FOR = "concern_for", "Expresses concern about", "This is the notice that expresses concern."
    ERRATUM_IN = "erratum_in", "Corrected by", "The notice that corrects it."
    ERRATUM_FOR = "erratum_for", "Corrects", "This is the notice that corrects the other one."
    REPUBLISHED_IN = "republished_in", "Republished as", "It was published again there, corrected or not."
    REPUBLISHED_FROM = "republished_from", "Republished from", "It had been published there before."
    UPDATE_IN = "update_in", "Updated by", "A newer version of it."
    UPDATE_OF = "update_of", "Update of", "An older version of it."
    COMMENT_IN = "comment_in", "Commented on by", "A comment, letter or editorial about it."
    COMMENT_ON = "comment_on", "Comments on", "What this comment, letter or editorial is about."
    OTHER = "other", "Related", "Another publication that its record names."


class ImportResult(Term):
    """What became of one record of an import."""

    CREATED = "created", "Created", "A new source."
    UPDATED = "updated", "Updated", "A known source; what the record says anew was added to it."
    UNCHANGED = "unchanged", "Unchanged", "A known source; the record says nothing new."
    DUPLICATE = "duplicate", "Perhaps a duplicate", "A new source that is like another one; a curator decides."
    FAILED = "failed", "Failed", "The record could not be taken; the reason says why."


class RunState(Term):
    """How far an import is."""

    WAITING = "waiting", "Waiting", "It has not begun, or waits to be carried on."
    RUNNING = "running", "Running", "Records are being brought in."
    FINISHED = "finished", "Finished", "Every record was looked at."
    STOPPED = "stopped", "Stopped", "A person stopped it; what had come in stays."
    FAILED = "failed", "Failed", "Nothing of it could be read, or it broke off."
    UNDONE = "undone", "Undone", "What it had brought in was taken back."


class RunOrigin(Term):
    """Where the records of an import came from."""

    COMMAND = "command", "Command line", "Files named on the command line."
    UPLOAD = "upload", "Upload", "Files uploaded in the admin."
    IDENTIFIER = "identifier", "Identifiers or addresses", "Records fetched by their identifiers or web addresses."


class SuggestionState(Term):
    """What became of a suggested tag."""

    OPEN = "open", "Open", "Nobody has decided on it."
    KEPT = "kept", "Kept", "A curator made it a tag."
    DROPPED = "dropped", "Dropped", "A curator turned it down; it is not suggested again."


class PairState(Term):
    """What became of two sources that look like the same document."""

    OPEN = "open", "Open", "Nobody has decided on it."
    MERGED = "merged", "Merged", "A curator made one source of the two."
    DISTINCT = "distinct", "Not a duplicate", "A curator found two documents."


class Agreement(Term):
    """How two or more columns compare on an outcome, side by side; the most telling first."""

    DIFFER = "differ", "Different effects are stated", "The columns do not state the same effects on this outcome."
    SAME_SEVERAL = "same_several", "The same several effects are stated", "Each column states the same mix of effects."
    SAME = "same", "The same effect is stated", "Each column that states an effect states this one."
    ONE_AT_MOST = "one_at_most", "At most one states a direction", "There is nothing to hold against each other."


class EvidenceMatch(Term):
    """What the literature held here reports on the very thing that a seller promises: a description, not a verdict.

    The most telling first. Evidence in people is of level 1 to 4.
    """

    CONTRADICTED = (
        "contradicted",
        "Contradicted",
        "Evidence in people states the contrary, and none the same direction as the promise.",
    )
    DIVIDED = (
        "divided",
        "Divided",
        "Evidence in people states the same direction as the promise, and other evidence in people the contrary.",
    )
    NOTHING = (
        "nothing",
        "Nothing found",
        "No result on what is promised stands in the literature that this corpus holds.",
    )
    PRECLINICAL = (
        "preclinical",
        "Only preclinical",
        "The only evidence is of level 5: from animals, the laboratory or reasoning from a mechanism.",
    )
    INCONCLUSIVE = (
        "inconclusive",
        "Inconclusive",
        "There is evidence in people, but it states neither the direction of the promise nor the contrary.",
    )
    SUPPORTED = (
        "supported",
        "Supported",
        "Evidence in people states the same direction as the promise, and none the contrary.",
    )


class ClaimRelation(Term):
    """How one claim bears on another one."""

    SUPPORTS = "supports", "Supports", "What the claim reports speaks for the other one."
    CONTRASTS = "contrasts", "Contrasts", "The two point in different directions, or cannot both be right."
    QUALIFIES = "qualifies", "Qualifies", "The claim limits the other one, to certain patients, doses or times."
    SAME_FINDING = "same_finding", "Same finding", "The two report the same finding of the same study."
    SUPERSEDES = (
        "supersedes",
        "Supersedes",
        "The claim is the newer word on the matter; the other one keeps its status.",
    )


class RelationState(Term):
    """How far a relation between two claims is in review."""

    SUGGESTED = "suggested", "Suggested", "One person sees the relation; a second one has not yet looked."
    CONFIRMED = "confirmed", "Confirmed", "A second person sees it too; it stands on the pages of both claims."
    DROPPED = "dropped", "Dropped", "A person turned it down or took it back."


class Certainty(Term):
    """How sure a reviewer is of what all the evidence on a question shows (GRADE)."""

    HIGH = "high", "High", "The true effect lies close to what the studies show; further ones will hardly change that."
    MODERATE = (
        "moderate",
        "Moderate",
        "The true effect is probably close to what the studies show, but may differ much.",
    )
    LOW = "low", "Low", "The true effect may differ much from what the studies show."
    VERY_LOW = "very_low", "Very low", "The true effect probably differs much from what the studies show."


class SellerVerdict(Term):
    """What a reviewer finds when the promises of sellers are held against the evidence on a question."""

    CONSISTENT_WITH_EVIDENCE = (
        "consistent_with_evidence",
        "Consistent with the evidence",
        "Sellers promise no more than the evidence shows.",
    )
    OVERSTATED = "overstated", "Overstated", "Sellers promise more, or more surely, than the evidence shows."
    CONTRADICTED = "contradicted", "Contradicted", "The evidence shows something else than sellers promise."
    NO_EVIDENCE_FOUND = "no_evidence_found", "No evidence found", "No study of what sellers promise was found."
    NOT_ASSESSABLE = "not_assessable", "Not assessable", "The promises are too vague to be held against evidence."


VOCABULARIES: tuple[type[Term], ...] = (
    Kind,
    PublisherInterest,
    TextBasis,
    PublicationStatus,
    CurationState,
    StudyGroupRelation,
    ClaimType,
    QuoteRole,
    TherapyRelation,
    Effect,
    Wording,
    Basis,
    Comparator,
    Design,
    Subject,
    Disclosure,
    AnchorState,
    ClaimStatus,
    Origin,
    EvidenceLevel,
    IdentifierScheme,
    LinkRelation,
    ImportResult,
    RunState,
    RunOrigin,
    SuggestionState,
    PairState,
    Agreement,
    EvidenceMatch,
    ClaimRelation,
    RelationState,
    Certainty,
    SellerVerdict,
)
