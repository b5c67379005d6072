"""Starting points: copy a guide, copy a branch, bring in a branch of another guide.

Each page first shows what will be made. What it has shown is told by a digest in its form: if it
would be something else by now, the page is shown again, and nothing is made.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wizard.admin.generic import ModelAdmin, ModelForm, choice_of
from wizard.admin.links import url_of
from wizard.admin.page import page_context
from wizard.authoring import copying, drafts
from wizard.authoring.checking import checked
from wizard.authoring.fitness import refuse_unfit
from wizard.engine import copying as engine
from wizard.engine.checks import Problem
from wizard.engine.copying import AtAnswer, AtNewAnswer, AtStart, Follow, Hook, NotThere, Plan
from wizard.engine.document import DocumentError, compile_document, digest_of, title_in_document
from wizard.engine.snapshot import Snapshot
from wizard.engine.texts import INVISIBLE
from wizard.models import Guide, Outcome, Question
from wizard.wording.languages import language_name
from wizard.wording.problems import problem as sentence_of
from wizard.wording.texts import HOLDS_INVISIBLE

# How many nodes to choose from are shown, how many new ones are linked, how many findings are told.
_OFFERED: Final = 50
_LINKED: Final = 10
_TOLD: Final = 50
_START: Final = "start"

# What the checks say of every copy; the page says it in a sentence of its own.
_UNREACHED: Final = ("unreachable-question", "unreachable-outcome")
_SAME_TEXT: Final = "same-text"

Document = Mapping[str, Any]


def may_copy_branches(request: HttpRequest) -> bool:
    """Whether the user makes questions and outcomes, and decides where in a guide they hang."""
    needed = ("wizard.add_question", "wizard.add_outcome", "wizard.change_guide")
    return request.user.has_perms(needed)


# --- a whole guide --------------------------------------------------------------------------------


class GuideForm(ModelForm[Guide]):
    """What the copy of a guide is called."""

    class Meta:
        model = Guide
        fields = ("title", "slug")
        widgets = {"title": AdminTextInputWidget, "slug": AdminTextInputWidget}

    def clean_title(self) -> str:
        return one_line(self.cleaned_data["title"])


def one_line(text: str) -> str:
    """A text as a heading can show it.

    Raises:
        ValidationError: it holds a control character.
    """
    line = " ".join(text.split())
    if INVISIBLE.search(line):
        raise forms.ValidationError(HOLDS_INVISIBLE)
    return line


def copy_guide_view(admin: ModelAdmin[Guide], request: HttpRequest, guide: Guide) -> HttpResponse:
    """Show what the new guide will have; on POST make it."""
    posted = request.method == "POST"
    form = GuideForm(request.POST) if posted else GuideForm(initial=_names_of_copy(guide))
    changed = False
    if posted and form.is_valid():
        try:
            return _copy_guide(admin, request, guide, **form.cleaned_data)
        except copying.CopyChanged:
            changed = True
        except NotThere as error:
            raise Http404 from error
        except copying.Taken:
            form.add_error("slug", _("Another guide has this address already."))
    document = drafts.document_of(guide)
    names = ("questions", "outcomes", "codes")
    context: dict[str, Any] = {
        **page_context(admin, request, _("Copy guide"), guide),
        "form": form,
        "changed": changed,
        "counts": {name: len(document[name]) for name in names},
        "languages": [language_name(code) for code in document.get("translations", {})],
        "seen": digest_of(document),
    }
    return TemplateResponse(request, "admin/wizard/guide/copy.html", context)


def _names_of_copy(guide: Guide) -> dict[str, str]:
    slugs = set(Guide.objects.values_list("slug", flat=True))
    title = _("%(title)s (copy)") % {"title": guide.title}
    longest = Guide._meta.get_field("title").max_length or 0
    return {
        "title": Truncator(title).chars(longest),
        "slug": engine.numbered(guide.slug, slugs),
    }


def _copy_guide(
    admin: ModelAdmin[Guide], request: HttpRequest, guide: Guide, *, title: str, slug: str
) -> HttpResponse:
    seen = request.POST.get("seen") or "nothing"
    made = copying.copy_guide(guide, slug=slug, title=title, seen=seen)
    admin.log_addition(request, made, _("Copied from “%(guide)s”.") % {"guide": guide})
    message = _("“%(copy)s” is a copy of “%(guide)s”. Nothing of it is live yet.")
    messages.success(request, message % {"copy": made, "guide": guide})
    return redirect(url_of(made))


# --- what is copied, and where it hangs -----------------------------------------------------------

_FOLLOWS: Final[Mapping[Follow, Promise]] = {
    "own": gettext_lazy(
        "What follows and is reached no other way, neither by answers nor by codes; for the rest "
        "the copy leads to the originals"
    ),
    "all": gettext_lazy("All that follows, whatever else leads to it"),
    "none": gettext_lazy("This node alone; the copy leads where the original leads"),
}
_FOLLOWS_ELSEWHERE: Final[Mapping[Follow, Promise]] = {
    "all": gettext_lazy("All that follows, with the codes that are asked for"),
    "none": gettext_lazy("This node alone; its copy leads nowhere yet"),
}


class BranchForm(forms.Form):
    """What of a branch is copied, and where the copy hangs: `choice`."""

    follow = forms.ChoiceField(label=gettext_lazy("What is copied"), widget=forms.RadioSelect)
    at = forms.ChoiceField(
        label=gettext_lazy("Where it hangs"),
        required=False,
        help_text=gettext_lazy("An answer that leads nowhere so far."),
    )
    question = forms.CharField(
        label=gettext_lazy("or at a new answer to"),
        required=False,
        widget=AdminTextInputWidget(attrs={"list": "questions", "autocomplete": "off"}),
        help_text=gettext_lazy("The key of a question; type a part of its words to find it."),
    )
    label = forms.CharField(
        label=gettext_lazy("which says"),
        required=False,
        max_length=200,
        widget=AdminTextInputWidget,
        help_text=gettext_lazy("The words of the new answer."),
    )

    def __init__(
        self,
        document: Document,
        follows: Mapping[Follow, Promise],
        data: Mapping[str, str] | None = None,
        *,
        may_start: bool,
    ) -> None:
        super().__init__(data)
        self.questions = {row["key"]: row.get("text", "") for row in document["questions"]}
        choice_of(self, "follow").choices = list(follows.items())
        self.fields["follow"].initial = next(iter(follows))
        choice_of(self, "at").choices = list(_places(document, may_start=may_start))

    def clean_label(self) -> str:
        return one_line(self.cleaned_data["label"])

    def clean(self) -> None:
        at, key, label = (self.cleaned_data.get(name) for name in ("at", "question", "label"))
        if key and key not in self.questions:
            self.add_error("question", _("The guide has no question with this key."))
        elif key and not label and "label" not in self.errors:
            self.add_error("label", _("Say what the new answer is."))
        elif label and not key:
            self.add_error("question", _("Say which question gets the new answer."))
        elif at and key:
            self.add_error("at", _("Choose one place: an answer that is there, or a new one."))

    @property
    def choice(self) -> dict[str, Any]:
        """What `copying` is told; before anything was sent, what is offered first."""
        if not self.is_bound:
            return {"follow": self.fields["follow"].initial, "hook": None}
        return {"follow": self.cleaned_data["follow"], "hook": self._hook()}

    def _hook(self) -> Hook | None:
        if self.cleaned_data["question"]:
            return AtNewAnswer(self.cleaned_data["question"], self.cleaned_data["label"])
        if self.cleaned_data["at"] == _START:
            return AtStart()
        question, _dot, answer = self.cleaned_data["at"].partition(".")
        return AtAnswer(question, answer) if answer else None


def _places(document: Document, *, may_start: bool) -> Iterator[tuple[str, str]]:
    yield "", _("Nowhere yet")
    if may_start and not document["guide"].get("start"):
        yield _START, _("It is the start of the guide")
    for question, answer in engine.open_answers(document):
        words = (title_in_document(question), answer.get("label") or answer["key"])
        yield f"{question['key']}.{answer['key']}", " – ".join(words)


# --- what will be made ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A finding, or a way that leads out: where, and what of it."""

    where: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a plan makes, in words. `unreached` and `same_text` count what the checks will say.

    `after` is what its document was compiled to.
    `asks_for_codes`: a question for a code is among the copies.
    """

    plan: Plan
    after: Snapshot
    place: str
    ways_out: list[PlanLine]
    asks_for_codes: bool
    askers: list[str]
    families: list[str]
    translations: list[str]
    unreached: int
    same_text: int
    findings: list[PlanLine]

    @property
    def told(self) -> list[PlanLine]:
        return self.findings[:_TOLD]

    @property
    def untold(self) -> int:
        return len(self.findings[_TOLD:])


def _preview(document: Document, plan: Plan, after: Snapshot, hook: Hook | None) -> Preview:
    titles = _titles(plan.document)
    found = _new_findings(document, after)
    names = [problem.name for problem in found]
    common = (*_UNREACHED, _SAME_TEXT)
    return Preview(
        plan=plan,
        after=after,
        place=_place_in_words(plan.document, hook),
        ways_out=_ways_out(plan, titles),
        asks_for_codes=_asks_for_codes(plan),
        askers=[titles[key] for key in plan.askers],
        families=[f"{row.code} ({row.family})" for row in plan.codes if row.family],
        translations=[
            f"{language_name(code)}: {count}" for code, count in plan.translations.items()
        ],
        unreached=sum(name in _UNREACHED for name in names),
        same_text=names.count(_SAME_TEXT),
        findings=[
            PlanLine(_where(problem, titles), sentence_of(problem))
            for problem in found
            if problem.name not in common
        ],
    )


def _asks_for_codes(plan: Plan) -> bool:
    copies = {node.new for node in plan.nodes}
    questions = plan.document["questions"]
    return any(row["key"] in copies and row.get("kind") == "code" for row in questions)


def _titles(document: Document) -> dict[str, str]:
    nodes = (*document["questions"], *document["outcomes"])
    return {row["key"]: title_in_document(row) for row in nodes}


def _where(problem: Problem, titles: Mapping[str, str]) -> str:
    if problem.key in titles:
        return f"{titles[problem.key]} ({problem.key})"
    return problem.key.partition(":")[2] or _("Guide")


def _ways_out(plan: Plan, titles: Mapping[str, str]) -> list[PlanLine]:
    labels = {
        (row["key"], answer["key"]): answer.get("label") or answer["key"]
        for row in plan.document["questions"]
        for answer in row.get("answers", [])
    }
    return [
        PlanLine(
            f"{titles[way.key]} – {labels.get((way.key, way.answer), _('Still failing'))}",
            f"{way.title} ({way.to})",
        )
        for way in plan.ways_out
    ]


def _place_in_words(document: Document, hook: Hook | None) -> str:
    """Where the copy will hang; "" for nowhere."""
    match hook:
        case None:
            return ""
        case AtStart():
            return _("It becomes the start of the guide.")
        case AtAnswer(question, answer):
            row = next(row for row in document["questions"] if row["key"] == question)
            label = next(one.get("label") for one in row["answers"] if one["key"] == answer)
            words = {"question": title_in_document(row), "answer": label or answer}
            return _("“%(question)s” leads there by “%(answer)s”, which led nowhere.") % words
        case AtNewAnswer(question, label):
            words = {"question": _titles(document)[question], "answer": label}
            return _("“%(question)s” gets a new answer that leads there: “%(answer)s”.") % words


def _new_findings(before: Document, after: Snapshot) -> list[Problem]:
    """What the checks will find that they do not find now."""
    known = {_told(problem) for problem in checked(compile_document(before))}
    return [problem for problem in checked(after) if _told(problem) not in known]


def _told(problem: Problem) -> tuple[str, ...]:
    return (problem.name, problem.place, problem.key, problem.field, problem.part)


# --- a branch -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch to be copied: how to plan it, how to make it, and what its page says."""

    plan: Callable[..., Plan]
    make: Callable[..., Plan]
    follows: Mapping[Follow, Promise]
    node: Model
    source: Guide | None
    title: str
    done: str

    @property
    def node_url(self) -> str:
        return url_of(self.node)


def copy_branch_view(
    admin: ModelAdmin[Guide], request: HttpRequest, guide: Guide, node: Question | Outcome
) -> HttpResponse:
    """Show what a copy of a branch will be, in its own guide; on POST make it."""
    branch = Branch(
        plan=lambda document, **choice: engine.copy_branch(document, node.key, **choice),
        make=lambda **choice: copying.copy_branch(guide, node.key, **choice),
        follows=_FOLLOWS,
        node=node,
        source=None,
        title=_("Copy branch"),
        done=_("Copied the branch “%(branch)s”."),
    )
    return _branch_page(admin, request, guide, branch)


def bring_in_view(
    admin: ModelAdmin[Guide], request: HttpRequest, guide: Guide, source: Guide, key: str
) -> HttpResponse:
    """Show what a branch of another guide will be in this one; on POST make it."""

    def plan(document: Document, **choice: Any) -> Plan:
        return engine.bring_in(document, drafts.document_of(source), key, **choice)

    branch = Branch(
        plan=plan,
        make=lambda **choice: copying.bring_in(guide, source, key, **choice),
        follows=_FOLLOWS_ELSEWHERE,
        node=_node(source, key),
        source=source,
        title=_("Bring in a branch"),
        done=_("Brought in the branch “%(branch)s” of “%(source)s”."),
    )
    return _branch_page(admin, request, guide, branch)


def _node(guide: Guide, key: str) -> Question | Outcome:
    node = guide.questions.filter(key=key).first() or guide.outcomes.filter(key=key).first()
    if node is None:
        raise Http404
    return node


def _branch_page(
    admin: ModelAdmin[Guide], request: HttpRequest, guide: Guide, branch: Branch
) -> HttpResponse:
    form, preview, fault = _looked_at(request, guide, branch)
    changed = False
    if "confirm" in request.POST and preview:
        changed = request.POST.get("seen") != preview.plan.digest
        if not changed:
            try:
                looked_at = {"seen": preview.plan.digest, "known": preview.after}
                plan = branch.make(**form.choice, **looked_at)
                return _made(admin, request, guide, branch, plan)
            except (copying.CopyChanged, NotThere):
                changed = True
                form, preview, fault = _looked_at(request, guide, branch)
    context: dict[str, Any] = {
        **page_context(admin, request, branch.title, guide),
        "subtitle": str(branch.node),
        "branch": branch,
        "form": form,
        "preview": preview,
        "fault": fault,
        "changed": changed and preview,
    }
    return TemplateResponse(request, "admin/wizard/guide/copy_branch.html", context)


def _looked_at(
    request: HttpRequest, guide: Guide, branch: Branch
) -> tuple[BranchForm, Preview | None, str]:
    """The form as it was sent, what it would make, and why that cannot be made."""
    document = copying.draft_of(guide)
    data = request.POST if request.method == "POST" else None
    may_start = isinstance(branch.node, Question)
    form = BranchForm(document, branch.follows, data, may_start=may_start)
    if form.is_bound and not form.is_valid():
        return form, None, ""
    try:
        plan = branch.plan(document, **form.choice)
        after = refuse_unfit(plan.document)
    except DocumentError as error:
        return form, None, str(error)
    except NotThere as error:
        raise Http404 from error
    return form, _preview(document, plan, after, form.choice["hook"]), ""


def _made(
    admin: ModelAdmin[Guide], request: HttpRequest, guide: Guide, branch: Branch, plan: Plan
) -> HttpResponse:
    done = branch.done % {"branch": branch.node, "source": branch.source}
    admin.log_change(request, guide, done)
    rows = _rows(guide, plan)
    count, shown = len(plan.nodes), [rows[node.new] for node in plan.nodes[:_LINKED]]
    context = {
        "done": done,
        "said": ngettext("%(n)d node was made:", "%(n)d nodes were made:", count) % {"n": count},
        "nodes": {url_of(row): row for row in shown},
        "more": count - len(shown),
    }
    messages.success(request, render_to_string("admin/wizard/guide/_copied.html", context))
    root = rows[plan.root.new]
    may_see = admin.admin_site.get_model_admin(type(root)).has_view_permission(request, root)
    return redirect(url_of(root if may_see else guide))


def _rows(guide: Guide, plan: Plan) -> dict[str, Question | Outcome]:
    """The first of the new nodes, by key."""
    keys = [node.new for node in plan.nodes[:_LINKED]]
    found = (guide.questions.filter(key__in=keys), guide.outcomes.filter(key__in=keys))
    return {row.key: row for rows in found for row in rows}


# --- which branch to bring in ---------------------------------------------------------------------


class SourceForm(forms.Form):
    """The guide to bring a branch in from, and words of its node."""

    source = forms.ChoiceField(label=gettext_lazy("Guide"))
    q = forms.CharField(
        label=gettext_lazy("Question or outcome"),
        required=False,
        widget=AdminTextInputWidget,
        help_text=gettext_lazy("A part of its words or of its key; empty: all."),
    )

    def __init__(self, guides: Mapping[str, Guide], data: Mapping[str, str] | None) -> None:
        super().__init__(data)
        choice_of(self, "source").choices = [(pk, str(guide)) for pk, guide in guides.items()]


def choose_branch_view(
    admin: ModelAdmin[Guide], request: HttpRequest, guide: Guide
) -> HttpResponse:
    """Choose another guide, and a node of it; all by GET."""
    others = admin.get_queryset(request).exclude(pk=guide.pk)
    guides = {str(row.pk): row for row in others if admin.has_view_permission(request, row)}
    form = SourceForm(guides, request.GET if "source" in request.GET else None)
    source = guides[form.cleaned_data["source"]] if form.is_bound and form.is_valid() else None
    context: dict[str, Any] = {
        **page_context(admin, request, _("Bring in a branch"), guide),
        "form": form,
        "guides": guides,
        "source": source,
        "offered": _OFFERED,
        "groups": _found(source, form.cleaned_data["q"]) if source else [],
    }
    return TemplateResponse(request, "admin/wizard/guide/bring_in.html", context)


def _found(guide: Guide, words: str) -> list[tuple[str, list[Question | Outcome], bool]]:
    """Questions and outcomes that hold the words, and whether there are more of them."""
    groups: list[tuple[str, list[Question | Outcome], bool]] = []
    kinds: list[tuple[QuerySet[Question | Outcome], str]] = [
        (guide.questions.all(), "text"),
        (guide.outcomes.all(), "title"),
    ]
    for rows, field in kinds:
        held = Q(key__icontains=words) | Q(**{f"{field}__icontains": words})
        found = list(rows.filter(held).only("guide", "key", field)[: _OFFERED + 1])
        name = str(rows.model._meta.verbose_name_plural).capitalize()
        groups.append((name, found[:_OFFERED], len(found) > _OFFERED))
    return groups
