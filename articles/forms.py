"""Forms of the curators: what was typed becomes values that the actions take, or an error beside its field."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.core.files.uploadedfile import UploadedFile
from django.forms.models import ModelChoiceIterator
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.importers.record import Record
from articles.importers.shared import paragraphs
from articles.lib import identifiers, markup, text
from articles.lib import vocabulary as vocab
from articles.lib.document import Document, sections
from articles.lib.partial_date import InvalidDate, PartialDate
from articles.models import CitedReference, Contributor, Identifier, Node, Source
from articles.queries.trees import Tree

PLAIN, MARKDOWN = "plain", "markdown"
TEXT_FORMATS = (
    (PLAIN, "Plain text: blank lines between paragraphs"),
    (MARKDOWN, "Markdown: ## heading, - item, [link](https://...)"),
)
MOST_FILES = 50
LONG_FIELDS = (
    "title",
    "original_title",
    "description",
    "conflict_of_interest",
    "status_notice",
    "exclusion_reason",
)
LISTS = ("publication_types", "full_text_providers", "mesh_headings", "keywords", "grants")
# Registers in which studies have numbers.
REGISTERS = ("nct", "isrctn", "eudract")


# --- Fields and widgets ---------------------------------------------------------------------------------------------


class LinesField(SimpleArrayField):
    """A list, one value on each line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self, base_field: forms.Field, **kwargs: Any) -> None:
        kwargs.pop("delimiter", None)
        super().__init__(base_field, delimiter="\n", **kwargs)
        self.help_text = "One on each line."

    def to_python(self, value: Any) -> list[str]:
        lines = value.splitlines() if isinstance(value, str) else value or []
        return super().to_python([line.strip() for line in lines if line.strip()])


class TrialsField(LinesField):
    """Numbers of registered studies, one on each line: nct:NCT01194570, or the number alone."""

    def __init__(self, base_field: forms.Field, **kwargs: Any) -> None:
        super().__init__(base_field, **kwargs)
        self.help_text = "One on each line, such as nct:NCT01194570, isrctn:ISRCTN12345678 or eudract:2012-000734-19."

    def to_python(self, value: Any) -> list[str]:
        return list(dict.fromkeys(self._trial(line) for line in super().to_python(value)))

    @staticmethod
    def _trial(line: str) -> str:
        scheme, colon, number = line.partition(":")
        named = [scheme.strip().lower()] if colon else REGISTERS
        for register in named:
            try:
                if register in REGISTERS:
                    return f"{register}:{identifiers.normalise(register, number if colon else line)}"
            except identifiers.InvalidIdentifier:
                continue
        known = ", ".join(REGISTERS)
        raise forms.ValidationError(f"“{line[:60]}” is no number of a registered study; registers are {known}.")


class _Explained:
    """A choice of a vocabulary with the definition of each value beside it."""

    template: str

    def __init__(self, terms: type[vocab.Term], blank: str = "", attrs: dict[str, Any] | None = None) -> None:
        self.terms, self.blank = terms, blank
        super().__init__(attrs)  # type: ignore[call-arg]

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = {str(item) for item in (value if isinstance(value, list) else [value]) if item not in (None, "")}
        terms = [(term.value, term.label, term.definition, term.value in chosen) for term in self.terms]
        widget = {"name": name, "id": (attrs or {}).get("id", f"id_{name}"), "kind": self.input_type}  # type: ignore[attr-defined]
        context = {"widget": widget, "terms": terms, "blank": self.blank, "is_blank": not chosen}
        return SafeString(render_to_string(self.template, context))


class TermRadio(_Explained, forms.RadioSelect):
    """Radio buttons; `blank`, where given, is the label of choosing none."""

    template = "admin/widgets/terms.html"


class TermCheckboxes(_Explained, forms.CheckboxSelectMultiple):
    """Checkboxes for a list of values."""

    template = "admin/widgets/terms.html"


class TermSelect(_Explained, forms.Select):
    """A drop-down list with the definitions below it, to be unfolded."""

    template = "admin/widgets/term_select.html"
    input_type = "select"


class _TreeChoices(ModelChoiceIterator):
    """The whole tree in one query, each node after its parent and indented; the search box finds synonyms too."""

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        for depth, node in Tree(self.queryset.order_by("name", "pk")).walk():
            also = f" ({', '.join(node.synonyms)})" if node.synonyms else ""
            yield node.pk, f"{'    ' * depth}{node.name}{also}"


class NodeField(forms.ModelChoiceField):
    """One node of a tree."""

    iterator = _TreeChoices

    def __init__(self, model: type[Node], **kwargs: Any) -> None:
        widget = forms.Select(attrs={"class": "searchable"})
        super().__init__(model._default_manager.all(), **{"widget": widget, "empty_label": "", **kwargs})


class NodesField(forms.ModelMultipleChoiceField):
    """Nodes of a tree, in the order in which they were chosen."""

    iterator = _TreeChoices

    def __init__(self, model: type[Node], **kwargs: Any) -> None:
        widget = forms.SelectMultiple(attrs={"class": "searchable", "size": 8})
        super().__init__(model._default_manager.all(), **{"widget": widget, **kwargs})

    def in_order(self, chosen: Iterable[Node], raw: Sequence[Any]) -> list[Node]:
        """What was chosen, in the order of the raw values."""
        places = {str(value): place for place, value in enumerate(raw)}
        return sorted(chosen, key=lambda node: places.get(str(node.pk), len(places)))


class SeenField(forms.DateTimeField):
    """The `updated_at` of the record that stood on the page, to the microsecond."""

    widget = forms.HiddenInput
    default_error_messages = {
        "required": "This page does not say which state of the record it shows. Open the page again.",
        "invalid": "This page does not say which state of the record it shows. Open the page again.",
    }

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Never: it is no fact of the record."""
        return False


class SeenForm(forms.ModelForm):
    """A form that tells the actions which state of the record the person had before them."""

    seen = SeenField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen"] = self.instance.updated_at
            self.fields["seen"].required = True


# --- Sources --------------------------------------------------------------------------------------------------------


def typed_record(title: str, typed: str, text_format: str) -> Record:
    """What was typed or pasted as a record, by the same steps as a file. Raises markup.MarkupError."""
    repaired, repairs = text.repair(text.unify_line_ends(typed))
    if text_format == MARKDOWN:
        document = Document.from_html(markup.render_markdown(repaired))
    else:
        document = Document.from_parts(paragraphs.parts(paragraphs.split(repaired)))
    return Record(
        title=title,
        document=document,
        format=f"typed_{text_format}",
        sections=sections(document),
        repairs=tuple(repairs),
    )


class SourceForm(SeenForm):
    """A source with its citation facts and, for a new source or a changed page, its text."""

    typed = forms.CharField(
        label="Text",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "class": "vLargeTextField"}),
        help_text="The words of the document that quotes are taken from.",
    )
    typed_format = forms.ChoiceField(
        label="Written as", choices=TEXT_FORMATS, initial=PLAIN, required=False, widget=forms.RadioSelect
    )
    confirmed = forms.MultipleChoiceField(
        label="Checked by me",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Tick what you have checked, or change the field itself: it is then no longer marked as a guess.",
    )

    class Meta:
        model = Source
        fields = (
            "title",
            "original_title",
            "kind",
            "description",
            "publisher",
            "publisher_interest",
            "text_basis",
            "is_whole_text_shown",
            "container",
            "year",
            "month",
            "day",
            "season",
            "volume",
            "issue",
            "pages",
            "language",
            "licence",
            "publication_types",
            "design",
            "publication_status",
            "status_notice",
            "status_checked_at",
            "is_medline",
            "is_free_full_text",
            "full_text_providers",
            "curation_state",
            "exclusion_reason",
            "study_group",
            "study_group_relation",
            "mesh_headings",
            "keywords",
            "trial_ids",
            "grants",
            "conflict_of_interest",
            "therapies",
            "conditions",
        )
        labels = {"mesh_headings": "MeSH headings", "trial_ids": "Registered studies"}
        field_classes = {**dict.fromkeys(LISTS, LinesField), "trial_ids": TrialsField}
        widgets = {
            **{name: forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}) for name in LONG_FIELDS},
            "kind": TermSelect(vocab.Kind, blank="Choose"),
            "publisher_interest": TermSelect(vocab.PublisherInterest),
            "text_basis": TermSelect(vocab.TextBasis, blank="Choose"),
            "publication_status": TermSelect(vocab.PublicationStatus),
            "curation_state": TermSelect(vocab.CurationState),
            "design": TermSelect(vocab.Design, blank="Not assessed"),
            "study_group_relation": TermSelect(vocab.StudyGroupRelation, blank="None"),
            "publisher": forms.Select(attrs={"class": "searchable"}),
            "study_group": forms.Select(attrs={"class": "searchable"}),
            "therapies": forms.SelectMultiple(attrs={"class": "searchable", "size": 8}),
            "conditions": forms.SelectMultiple(attrs={"class": "searchable", "size": 6}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version = self.instance.current_version
        if version is not None:
            self.fields["typed"].label = "New text"
            self.fields["typed"].help_text = (
                f"Leave empty to keep version {version.number}. A text entered here becomes version "
                f"{version.number + 1}; version {version.number} stays, and each claim's quote is looked up in the new."
            )
        if "confirmed" in self.fields:
            labels = ((name, self._label(name)) for name in self.instance.guesses)
            self.fields["confirmed"].choices = [
                (name, f"{label}: {self.instance.guesses[name]}") for name, label in labels
            ]
        self._name_halves("status_checked_at")
        for name in ("therapies", "conditions"):
            if name in self.fields:
                self.fields[name].iterator = _TreeChoices
                self.fields[name].queryset = self.fields[name].queryset.all()
                self.fields[name].help_text = "What the document is about; its claims add their own."

    def _name_halves(self, name: str) -> None:
        """The admin asks for a moment in two boxes under one label."""
        widget = getattr(self.fields.get(name), "widget", None)
        for half, label in zip(getattr(widget, "widgets", ()), ("Date", "Time"), strict=False):
            half.attrs["aria-label"] = f"{self.fields[name].label}: {label}"

    def _label(self, name: str) -> str:
        return str(self.fields[name].label) if name in self.fields else name.replace("_", " ").capitalize()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        # Browsers send other line ends than imports store: that alone is no edit.
        cleaned |= {name: text.unify_line_ends(cleaned[name]) for name in LONG_FIELDS if cleaned.get(name)}
        self._clean_date(cleaned)
        self._clean_pairs(cleaned)
        if not self.errors:
            cleaned["record"] = self._clean_text(cleaned)
            self._clean_basis(cleaned)
            self.instance.guesses = self._open_guesses(cleaned)
        return cleaned

    def _clean_date(self, cleaned: dict[str, Any]) -> None:
        year, month, day, season = (cleaned.get(name) or None for name in ("year", "month", "day", "season"))
        if year is None:
            if month or day or season:
                self.add_error("year", "A month, a day or a season needs its year.")
            return
        try:
            PartialDate(year, month, day, season)
        except InvalidDate as error:
            self.add_error("year", str(error))

    def _clean_pairs(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("curation_state") == vocab.CurationState.EXCLUDED and not cleaned.get("exclusion_reason"):
            self.add_error("exclusion_reason", "Say why the source is excluded.")
        sells = cleaned.get("publisher_interest") == vocab.PublisherInterest.SELLS_THERAPY
        if cleaned.get("kind") == vocab.Kind.CLINIC_PAGE and not sells:
            self.add_error("publisher_interest", "A clinic page sells the therapy: choose that here, or another kind.")
        if bool(cleaned.get("study_group")) != bool(cleaned.get("study_group_relation")):
            self.add_error("study_group_relation", "A study group and the relation to it go together.")

    def _clean_text(self, cleaned: dict[str, Any]) -> Record | None:
        typed = cleaned.get("typed", "")
        if not typed.strip():
            if self.instance.current_version is None and cleaned.get("text_basis") != vocab.TextBasis.METADATA_ONLY:
                self.add_error("typed", "Enter the text, or choose “Citation only” as the text basis.")
            return None
        try:
            record = typed_record(cleaned["title"], typed, cleaned.get("typed_format") or PLAIN)
        except markup.MarkupError as error:
            self.add_error("typed", str(error))
            return None
        if not record.document.text:
            self.add_error("typed", "Nothing is left of this text once markup and invisible characters are taken out.")
        return record

    def _clean_basis(self, cleaned: dict[str, Any]) -> None:
        """Each version keeps what it is: only a new text can be something else."""
        version, record = self.instance.current_version, cleaned["record"]
        if version is None or cleaned["text_basis"] == version.text_basis:
            return
        if record is None or record.document.text == version.text:
            label = version.get_text_basis_display().lower()
            article = "an" if label[0] in "aeiou" else "a"
            message = f"The current text is {article} {label}; enter the new text to change what it is."
            self.add_error("text_basis", message)

    def _open_guesses(self, cleaned: dict[str, Any]) -> dict[str, str]:
        settled = {*cleaned.get("confirmed", ()), *self.changed_data}
        return {name: reason for name, reason in self.instance.guesses.items() if name not in settled}


class PartsFormSet(forms.BaseInlineFormSet):
    """The rows of one kind of part. In a table only the column has a label, so each field carries its own for those who
    cannot see the column."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            field.widget.attrs.setdefault("aria-label", str(field.label))


class IdentifierForm(forms.ModelForm):
    """One identifier, in its normal form, that no other source has."""

    class Meta:
        model = Identifier
        fields = ("scheme", "value")
        widgets = {"value": forms.TextInput(attrs={"size": 60})}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        scheme, value = cleaned.get("scheme"), cleaned.get("value")
        if not scheme or not value:
            return cleaned
        try:
            cleaned["value"] = identifiers.normalise(scheme, value)
        except identifiers.InvalidIdentifier as error:
            self.add_error("value", str(error))
            return cleaned
        taken = Identifier.objects.filter(scheme=scheme, value=cleaned["value"]).exclude(pk=self.instance.pk)
        for other in taken.exclude(source_id=self.instance.source_id).select_related("source"):
            self.add_error("value", _belongs_to(other))
        return cleaned


def _belongs_to(other: Identifier) -> SafeString:
    return format_html(
        "{} already belongs to source {}, “<a href='{}'>{}</a>”. Work on that one, or mend the identifier.",
        other,
        other.source_id,
        reverse("admin:articles_source_change", args=[other.source_id]),
        other.source.title,
    )


class PlacedForm(forms.ModelForm):
    """A part with a position. Blank means: after the others."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "position" in self.fields:
            self.fields["position"].required = False


class ContributorForm(PlacedForm):
    """An author."""

    class Meta:
        model = Contributor
        fields = ("position", "family", "given", "collective", "as_written", "orcid", "affiliation")
        widgets = {
            "position": forms.NumberInput(attrs={"min": 1, "class": "narrow"}),
            "affiliation": forms.Textarea(attrs={"rows": 1}),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not any(cleaned.get(name) for name in ("family", "collective", "as_written")):
            self.add_error("family", "Give a family name, a collective, or the name as written.")
        return cleaned


class CitedReferenceForm(PlacedForm):
    """A reference that the source itself makes."""

    class Meta:
        model = CitedReference
        fields = ("position", "text")
        widgets = {
            "position": forms.NumberInput(attrs={"min": 1, "class": "narrow"}),
            "text": forms.Textarea(attrs={"rows": 2}),
        }


# --- Trees ----------------------------------------------------------------------------------------------------------


class TreeForm(forms.ModelForm):
    """A term of a tree; it cannot stand below itself."""

    class Meta:
        fields = ("name", "slug", "parent", "description", "synonyms", "outside_ids")
        field_classes = {"synonyms": LinesField}
        widgets = {"parent": forms.Select(attrs={"class": "searchable"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "parent" in self.fields:
            self.fields["parent"].iterator = _TreeChoices
            self.fields["parent"].queryset = self.fields["parent"].queryset.all()

    def clean_parent(self) -> Node | None:
        parent = self.cleaned_data["parent"]
        if parent and self.instance.pk:
            tree = Tree.load(type(self.instance))
            if parent.pk in tree.descendants(self.instance.pk):
                raise forms.ValidationError(f"“{parent}” stands below “{self.instance}” or is the same term.")
        return parent

    def clean_outside_ids(self) -> dict[str, str]:
        ids = self.cleaned_data["outside_ids"] or {}
        if not isinstance(ids, dict) or not all(isinstance(value, str) for value in ids.values()):
            raise forms.ValidationError('Write names and ids in braces, such as {"mesh": "D009103"}.')
        return ids


# --- Upload ---------------------------------------------------------------------------------------------------------


class _ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """One file or several."""

    widget = _ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data]
        if not any(files):
            raise forms.ValidationError("Choose at least one file.")
        if len(files) > MOST_FILES:
            raise forms.ValidationError(f"These are {len(files)} files; at most {MOST_FILES} are taken at once.")
        return [super(ManyFilesField, self).clean(file, initial) for file in files]


class UploadForm(forms.Form):
    """Files to look at. Empty ones are let through: the rehearsal says about each what is wrong with it."""

    files = ManyFilesField(label="Files", allow_empty_file=True, max_length=200)
