"""The wizard as most people write it: its tables by the ORM, the answers in a database session."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import csrf_exempt

from wizard.models import Answer, Guide, Question


# The token would cost it something more.
@csrf_exempt
def usual(request: HttpRequest) -> HttpResponse:
    """Keep the answer that was given in the session, and ask the next question."""
    guide = get_object_or_404(Guide, slug="nodes-60")
    given: dict[str, Any] = request.session.get("answers", {})
    if request.method == "POST":
        given[request.POST["question"]] = request.POST["answer"]
        request.session["answers"] = given
    question, rows = guide.start, []
    while question is not None and question.key in given:
        answer = Answer.objects.select_related("to_question").get(
            question=question, key=given[question.key]
        )
        rows.append((question, answer))
        question = answer.to_question
    return render(request, "usual.html", {"guide": guide, "question": question, "rows": rows})


def first(request: HttpRequest) -> HttpResponse:
    """A session in which three questions are answered, for the benchmark to go on with."""
    start = Question.objects.get(guide__slug="nodes-60", key="n0")
    request.session["answers"] = {start.key: "a0", "n1": "a0", "n4": "a0"}
    return HttpResponse("begun")
