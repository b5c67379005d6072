"""The Translate page: the texts of a guide beside what they are in another language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wizard.admin.generic import ModelAdmin
from wizard.admin.links import other_languages
from wizard.admin.page import page_context
from wizard.authoring import differences, drafts, translating
from wizard.authoring.translating import SentTranslation, TranslationRow
from wizard.engine.languages import Text
from wizard.engine.snapshot import Snapshot
from wizard.engine.texts import INVISIBLE, plain
from wizard.models import Guide
from wizard.models.translation import digest_of_text
from wizard.published.live import live
from wizard.wording.codes import CAUSES
from wizard.wording.languages import language_name
from wizard.wording.texts import REFUSED_INVISIBLE

# Texts on a page: two fields for each have to stay below Django's limit of fields.
_TEXTS: Final = 80


@dataclass(frozen=True, slots=True)
class TextLine:
    """A text on the page: its row, its name in the form, what is in its field, what is wrong."""

    row: TranslationRow
    label: str
    sent: str
    seen: str
    rows: int
    problem: str = ""


@dataclass(frozen=True, slots=True)
class NodeTexts:
    """The texts of one node."""

    title: str
    lines: tuple[TextLine, ...]


def translate_view(
    admin: ModelAdmin[Guide], request: HttpRequest, guide: Guide, language: str
) -> HttpResponse:
    """Show texts with their translations; on POST store what has been changed."""
    names = dict(other_languages(guide))
    if language not in names:
        raise Http404
    snapshot = drafts.snapshot_of(guide)
    published = live.pinned_as_written(guide.live_id) if guide.live_id else None
    every = translating.rows(snapshot, published, language)
    node, show = request.GET.get("node", ""), request.GET.get("show", "")
    wanted = [row for row in every if _is_wanted(row, node, show)]
    page = Paginator(wanted, _TEXTS).get_page(request.GET.get("page"))
    problems: Mapping[str, str] = {}
    if request.method == "POST":
        # Found among all: what is missing here has been translated by somebody else meanwhile.
        sent, problems = _read(request.POST, every)
        changed, conflicts = translating.save(guide, language, every, sent)
        problems = {**problems, **_told(conflicts)}
        if changed:
            _tell(admin, request, guide, language, changed)
        if not problems:
            return HttpResponseRedirect(request.get_full_path())
        page.object_list = [row for row in every if row.digest in problems]
    context: dict[str, Any] = {
        **page_context(admin, request, _("Translate"), guide),
        "subtitle": f"{guide} – {names[language]}",
        "language": language,
        "written_in": guide.language,
        "groups": _groups(page.object_list, _titles(snapshot), request.POST, problems),
        "problems": problems,
        "page": page,
        "node": node,
        "show": show,
        "total": len(every),
        "missing": sum(not row.translation for row in every),
    }
    return TemplateResponse(request, "admin/wizard/guide/translate.html", context)


def _is_wanted(row: TranslationRow, node: str, show: str) -> bool:
    if node and node != f"{row.at.place}:{row.at.key}":
        return False
    return not row.translation or show != "missing"


def _read(
    form: Mapping[str, str], every: Iterable[TranslationRow]
) -> tuple[dict[str, SentTranslation], dict[str, str]]:
    """What was sent for each text, and what of it cannot be stored."""
    sent, problems = {}, {}
    for row in every:
        if f"text-{row.digest}" not in form:
            continue
        translation = plain(form[f"text-{row.digest}"])
        if INVISIBLE.search(translation):
            problems[row.digest] = str(REFUSED_INVISIBLE)
            continue
        sent[row.digest] = SentTranslation(translation, plain(form.get(f"seen-{row.digest}", "")))
    return sent, problems


def _told(conflicts: Iterable[translating.TranslationConflict]) -> dict[str, str]:
    return {
        digest_of_text(one.text): _(
            "Somebody else has changed this translation since you opened the page. It is now: "
            "“%(theirs)s”. Yours is in the field; save again to store it instead."
        )
        % {"theirs": one.theirs}
        for one in conflicts
    }


def _tell(
    admin: ModelAdmin[Guide], request: HttpRequest, guide: Guide, language: str, changed: int
) -> None:
    words = {"n": changed, "language": language_name(language)}
    said = ngettext(
        "%(n)s translation stored (%(language)s).", "%(n)s translations stored (%(language)s).",
        changed,
    ) % words  # fmt: skip
    admin.log_change(request, guide, said)
    messages.success(request, said)


# --- groups ---------------------------------------------------------------------------------------


def _groups(
    rows: Iterable[TranslationRow],
    titles: Mapping[tuple[str, str], str],
    form: Mapping[str, str],
    problems: Mapping[str, str],
) -> list[NodeTexts]:
    return [
        NodeTexts(titles[node], tuple(_line(row, form, problems) for row in some))
        for node, some in groupby(rows, key=lambda row: (row.at.place, row.at.key))
    ]


def _line(row: TranslationRow, form: Mapping[str, str], problems: Mapping[str, str]) -> TextLine:
    problem = problems.get(row.digest, "")
    sent = form.get(f"text-{row.digest}", "") if problem else row.translation
    long = len(row.at.text) > 90 or "\n" in row.at.text
    lines = max(2, min(12, len(row.at.text) // 70 + 2 * row.at.text.count("\n"))) if long else 1
    return TextLine(row, _label(row.at), sent, row.translation, lines, problem)


def _label(at: Text) -> str:
    if at.place == "question" and at.part:
        return differences.part_name("answer", at.field)
    if at.place == "outcome" and at.part:
        return _("Step %(number)s: %(part)s") % {
            "number": at.part,
            "part": differences.part_name("step", at.field),
        }
    return differences.part_name(at.place, at.field)


def _titles(snapshot: Snapshot) -> dict[tuple[str, str], str]:
    """What authors know each node by."""
    titles = {("guide", ""): snapshot.title or snapshot.slug}
    titles |= {("question", key): snapshot.title_of(key) or key for key in snapshot.questions}
    titles |= {("outcome", key): snapshot.title_of(key) or key for key in snapshot.outcomes}
    return (
        titles
        | {("code", f"{row.namespace}:{row.code}"): row.code for row in snapshot.catalogue.codes}
        | {("cause", name): str(CAUSES.get(name, name)) for name in snapshot.causes}
    )
