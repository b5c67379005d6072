"""A guide of 600 nodes with all that grows around it, and every page of the admin that shows it."""

from typing import Any

from django.db.models import Model
from django.urls import reverse

from tests.benchmarks.guides import document
from tests.factories import (
    CaseFactory,
    DeliveryFactory,
    FlagFactory,
    QueueFactory,
    StatusReportFactory,
    UserFactory,
    publishable_guide,
)
from wizard.authoring import loading, publishing
from wizard.models import Case, Guide, Outcome, Question, UnknownCode

NODES = 600
ANSWERS = 13
STEPS = 8
CODES = 300
CASES = 50


def make() -> Guide:
    """The guide, published twice and changed since, with cases, flags and unknown codes."""
    author = UserFactory(admin=True)
    publishable_guide()
    content = _document()
    guide = loading.load(content)
    publishing.publish(guide, by=author)
    content["guide"]["summary"] = "For the second publication."
    content["translations"] = {"zh-hans": [_translation(row) for row in content["questions"]]}
    guide = loading.load(content)
    live = publishing.publish(guide, by=author)
    for number in range(CASES):
        CaseFactory(publication=live, answers={"n0": f"a{number % 3}"})
        UnknownCode.objects.create(code=f"X{number}", times=number)
    for number in range(20):
        FlagFactory(guide=guide, publication=live, node=f"n{number}")
        StatusReportFactory(message_id=f"message_{number}")
    QueueFactory()
    DeliveryFactory(case=Case.objects.first())
    content["questions"][1]["text"] = ""
    return loading.load(content)


def _document() -> dict[str, Any]:
    content = document(NODES)
    wide, long = content["questions"][0], content["outcomes"][0]
    for place in range(len(wide["answers"]), ANSWERS):
        wide["answers"].append({"key": f"a{place}", "label": f"Answer {place}", "to": f"n{place}"})
    long["steps"] = [dict(long["steps"][0], text=f"Step {number}.") for number in range(STEPS)]
    unsure = {"key": "no-code", "label": "I have none", "unsure": True, "to": long["key"]}
    content["questions"].append(
        {"key": "code", "kind": "code", "text": "Which code?", "why": "It says all.",
         "answers": [unsure]}
    )  # fmt: skip
    wide["answers"][-1]["to"] = "code"
    content["codes"] = [
        {"code": f"E{number:06}", "meaning": f"Meaning {number}.", "to": f"n{NODES - 1 - number}"}
        for number in range(CODES)
    ]
    return content


def _translation(row: dict[str, Any]) -> dict[str, str]:
    return {"text": row["text"], "translation": f"{row['text']}？"}


def wide_question() -> Question:
    return Question.objects.get(key="n0")


def long_outcome() -> Outcome:
    return Outcome.objects.get(key=f"n{NODES // 3}")


def pages(guide: Guide) -> dict[str, str]:
    """Every page of the admin by what it is: lists, forms, and what stands beside them."""
    question, outcome, code = wide_question(), long_outcome(), guide.codes.all()[0]
    publication, older = guide.publications.order_by("-number")[:2]
    rows: dict[str, Model] = {
        "guide": guide,
        "question": question,
        "outcome": outcome,
        "code": code,
        "publication": publication,
        "unknowncode": UnknownCode.objects.all()[0],
        "flag": guide.flags.all()[0],
        "case": Case.objects.all()[0],
    }
    found = {"index": reverse("admin:index")}
    for name in (*rows, "queue", "delivery", "statusreport"):
        url = reverse(f"admin:wizard_{name}_changelist")
        found |= {f"list: {name}": url, f"list: {name}, counted": f"{url}?_facets=True"}
    for name in ("question", "outcome", "code"):
        url = reverse(f"admin:wizard_{name}_changelist")
        query = f"?guide__id__exact={guide.pk}&checks=warning&q=e&_facets=True"
        found[f"list: {name}, searched, filtered and counted"] = url + query
        found[f"form: new {name}"] = reverse(f"admin:wizard_{name}_add")
    for name, row in rows.items():
        found[f"form: {name}"] = reverse(f"admin:wizard_{name}_change", args=[row.pk])
        found[f"history: {name}"] = reverse(f"admin:wizard_{name}_history", args=[row.pk])
    for name in ("question", "outcome", "code"):
        found[f"delete: {name}"] = reverse(f"admin:wizard_{name}_delete", args=[rows[name].pk])
    for name in ("publish", "compare", "replay", "preview", "map", "copy", "choose_branch"):
        found[name] = reverse(f"admin:wizard_guide_{name}", args=[guide.pk])
    at = f"?at={outcome.key}"
    return found | {
        "preview at an outcome": found["preview"] + at,
        "what if": reverse("admin:wizard_guide_suppose", args=[guide.pk]),
        "translate": reverse("admin:wizard_guide_translate", args=[guide.pk, "zh-hans"]),
        "import": reverse("admin:wizard_guide_import"),
        "log": reverse("admin:auditlog_logentry_changelist", query={"guide": guide.pk}),
        "import of codes": reverse("admin:wizard_code_import"),
        "export of codes": reverse("admin:wizard_code_export"),
        "roll back": reverse("admin:wizard_publication_roll_back", args=[older.pk]),
        "export": reverse("admin:wizard_guide_export", args=[guide.pk, "yaml"]),
        "search box": reverse("admin:autocomplete")
        + f"?app_label=wizard&model_name=answer&field_name=to_outcome&guide={guide.pk}&term=cause",
    }
