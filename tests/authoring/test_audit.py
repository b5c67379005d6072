"""The audit log: who changed what, with the values before and after."""

import pytest
from auditlog.models import LogEntry
from django.contrib.auth.models import Group

from tests.factories import (
    CodeFactory,
    GuideFactory,
    OutcomeFactory,
    QueueFactory,
    RemediationStepFactory,
    UserFactory,
    publishable_guide,
)
from wizard.authoring import audit, drafts, loading, publishing, translating
from wizard.authoring.translating import SentTranslation
from wizard.models import Answer, Code, Question, RemediationStep
from wizard.models.translation import digest_of_text

pytestmark = pytest.mark.django_db

CREATE, UPDATE, DELETE = LogEntry.Action.CREATE, LogEntry.Action.UPDATE, LogEntry.Action.DELETE


@pytest.fixture
def guide():
    return publishable_guide()


@pytest.fixture
def ada():
    return UserFactory(username="ada")


def newest(guide, node=""):
    return audit.changes_of(guide.pk, node).first()


def test_a_change_is_kept_with_who_made_it_and_both_values(guide, ada):
    with audit.by(ada):
        guide.start.text = "What is on the screen?"
        guide.start.save()
    line = newest(guide, "question:start")
    assert (line.actor, line.action) == (ada, UPDATE)
    assert line.changes == {"text": ["What do you see?", "What is on the screen?"]}


def test_an_answer_and_a_step_stand_under_their_node(guide):
    answer = guide.start.answers.get(key="nothing")
    answer.to_outcome = guide.outcomes.get(key="template")
    answer.save()
    line = newest(guide, "question:start")
    assert line.changes == {"to_outcome": ["The phone is off", "The template is not active"]}
    guide.outcomes.get(key="phone-off").steps.all().delete()
    assert newest(guide, "outcome:phone-off").action == DELETE


def test_saving_without_a_change_leaves_no_line(guide):
    loading.load(drafts.document_of(guide))
    before = audit.changes_of(guide.pk).count()
    guide.start.refresh_from_db()
    guide.start.save()
    loading.load(drafts.document_of(guide))
    assert audit.changes_of(guide.pk).count() == before


def test_what_two_people_change_at_a_time_is_told_apart(guide, ada):
    bob = UserFactory(username="bob")
    for user, why in ((ada, "A"), (bob, "B"), (None, "C")):
        with audit.by(user):
            guide.start.why = why
            guide.start.save()
    lines = audit.changes_of(guide.pk, "question:start")[:3]
    assert [line.actor for line in lines] == [None, bob, ada]
    assert len({line.cid for line in lines}) == 3


def test_nobody_is_named_for_what_comes_after(guide, ada):
    with audit.by(ada):
        pass
    guide.start.why = "Later"
    guide.start.save()
    assert newest(guide).actor is None


# --- what is written many rows at a time ----------------------------------------------------------


def test_a_document_that_is_loaded_leaves_a_line_for_each_row_that_differs(guide, ada):
    document = drafts.document_of(loading.load(drafts.document_of(guide)))
    document["questions"][0]["answers"][0]["label"] = "Nothing at all"
    document["outcomes"][1]["steps"][0]["text"] = "Ask for the template."
    document["codes"].append({"code": "E9", "meaning": "New", "to": "template"})
    last = newest(guide).pk
    with audit.by(ada):
        loading.load(document)
    lines = {
        (line.content_type.model_class(), line.action): line
        for line in audit.changes_of(guide.pk).filter(pk__gt=last)
    }
    assert set(lines) == {(Answer, UPDATE), (RemediationStep, UPDATE), (Code, CREATE)}
    assert {line.actor for line in lines.values()} == {ada}
    assert lines[Answer, UPDATE].changes == {"label": ["Nothing", "Nothing at all"]}
    assert lines[Code, CREATE].additional_data["node"] == "code:status:E9"


def test_what_a_loaded_document_lacks_leaves_a_line_too(guide):
    document = drafts.document_of(guide)
    del document["outcomes"][0]["steps"]
    loading.load(document)
    assert newest(guide, "outcome:phone-off").action == DELETE
    assert newest(guide, "outcome:phone-off").content_type.model_class() is RemediationStep


def test_translations_leave_lines(guide, ada):
    rows = translating.rows(drafts.snapshot_of(guide), None, "zh-hans")
    text = "What do you see?"

    def save(translation, seen):
        sent = {digest_of_text(text): SentTranslation(translation, seen)}
        with audit.by(ada):
            return translating.save(guide, "zh-hans", rows, sent)

    for new, old, action in (("一", "", CREATE), ("二", "一", UPDATE), ("", "二", DELETE)):
        assert save(new, old) == (1, [])
        line = newest(guide, "language:zh-hans")
        assert (line.action, line.actor) == (action, ada)
        assert line.changes["translation"] == [old or "None", new or "None"]


def test_the_steps_of_an_outcome_keep_their_identity_when_a_document_is_loaded(guide):
    outcome = OutcomeFactory(guide=guide, key="long")
    steps = [RemediationStepFactory(outcome=outcome, text=f"Step {n}") for n in range(3)]
    document = drafts.document_of(guide)
    document["outcomes"][-1]["steps"][1]["text"] = "Another step"
    loading.load(document)
    assert [step.pk for step in outcome.steps.all()] == [step.pk for step in steps]
    assert outcome.steps.get(pk=steps[1].pk).text == "Another step"


@pytest.mark.parametrize("size", [5, 60])
def test_loading_logs_in_few_queries_however_many_rows_change(size, django_assert_max_num_queries):
    guide = publishable_guide()
    for _ in range(size):
        CodeFactory(guide=guide, to_outcome=guide.outcomes.first())
    document = drafts.document_of(guide)
    for row in document["codes"]:
        row["meaning"] = "Another meaning"
    with django_assert_max_num_queries(40):
        loading.load(document)
    assert audit.changes_of(guide.pk, f"code:status:{document['codes'][-1]['code']}").count() == 2


# --- publications, people and queues --------------------------------------------------------------


def test_publishing_and_scheduling_stand_in_the_log_without_the_whole_content(guide, ada):
    with audit.by(ada):
        publishing.publish(guide, by=ada, note="First")
    line = newest(guide, "guide:")
    assert (line.action, line.actor) == (CREATE, ada)
    assert line.changes["note"] == ["None", "First"]
    assert "snapshot" not in line.changes


def test_a_new_role_is_kept_with_its_values_and_a_password_is_not(ada):
    with audit.by(ada):
        user = UserFactory(username="bob")
        user.groups.add(Group.objects.get(name="Authors"))
    lines = LogEntry.objects.get_for_object(user)
    assert {"groups": {"type": "m2m", "operation": "add", "objects": ["Authors"]}} in [
        line.changes for line in lines
    ]
    assert all("password" not in line.changes for line in lines)


def test_queues_are_logged():
    queue = QueueFactory(name="Second line")
    queue.email = "second@example.org"
    queue.save()
    assert LogEntry.objects.get_for_object(queue).first().changes == {
        "email": ["", "second@example.org"]
    }


# --- who was the last -----------------------------------------------------------------------------


def test_the_last_author_is_who_changed_the_draft_last(guide, ada):
    assert audit.last_author(guide) is None
    with audit.by(ada):
        guide.start.why = "By Ada"
        guide.start.save()
    assert audit.last_author(guide) == ada


def test_a_publication_is_no_change_of_the_draft(guide, ada):
    bob = UserFactory(username="bob")
    with audit.by(ada):
        guide.start.why = "By Ada"
        guide.start.save()
    with audit.by(bob):
        publishing.publish(guide, by=bob)
    assert audit.last_author(guide) == ada


def test_another_guide_has_another_author(guide, ada):
    other = GuideFactory()
    with audit.by(ada):
        Question.objects.create(guide=other, key="new")
    assert audit.last_author(other) == ada
    assert audit.last_author(guide) is None
