"""The draft and its document: one is the other, and rows keep their identity."""

from copy import deepcopy

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings

from tests.engine.toys import outcome, sound_documents, toy
from tests.factories import AnswerFactory, OutcomeFactory, QuestionFactory, publishable_guide
from tests.support import shipped
from wizard.authoring import drafts, files, loading
from wizard.engine.checks import check
from wizard.engine.document import DocumentError, compile_document
from wizard.engine.languages import missing, read_in
from wizard.models import Answer, Code, Guide, Outcome, Question, RemediationStep

pytestmark = pytest.mark.django_db


def normal(document):
    """The document as the draft writes it."""
    return drafts.document_of(loading.load(document))


def trimmed(part):
    """A document without the blanks around its texts, such as the end of a YAML block."""
    if isinstance(part, dict):
        return {name: trimmed(value) for name, value in part.items()}
    if isinstance(part, list):
        return [trimmed(value) for value in part]
    return part.strip() if isinstance(part, str) else part


def identities(guide):
    """The primary keys of all rows that have a key of their own."""
    return {
        **{question.key: question.pk for question in guide.questions.all()},
        **{outcome.key: outcome.pk for outcome in guide.outcomes.all()},
        **{code.code: code.pk for code in guide.codes.all()},
        **{
            (answer.question.key, answer.key): answer.pk
            for answer in Answer.objects.filter(question__guide=guide).select_related("question")
        },
    }


# --- a document becomes the draft, and the draft that document ------------------------------------


@pytest.mark.parametrize("document", files.shipped(), ids=lambda one: one["guide"]["slug"])
def test_a_shipped_guide_that_is_loaded_is_written_again_as_it_was(document):
    written = normal(document)
    assert normal(written) == written
    before, after = compile_document(trimmed(document)), compile_document(written)
    assert (after.start, after.questions) == (before.start, before.questions)
    assert after.outcomes == before.outcomes
    # A draft keeps its codes in the order of the alphabet.
    assert set(after.catalogue.codes) == set(before.catalogue.codes)
    assert check(after, [*before.translations]) == []


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(sound_documents())
def test_a_normal_document_is_the_draft_and_the_draft_the_document(document):
    written = normal(document)
    assert normal(written) == written
    assert compile_document(normal(deepcopy(written))).digest == compile_document(written).digest


def test_what_is_empty_is_left_out():
    document = toy()
    document["questions"][0] |= {"help": "", "covers": [], "agent_note": "  \n"}
    document["codes"][0] |= {"checked_on": None, "causes": []}
    written = normal(document)
    assert {"help", "covers", "agent_note"}.isdisjoint(written["questions"][0])
    assert {"checked_on", "causes"}.isdisjoint(written["codes"][0])


def test_order_in_the_document_is_order_in_the_draft():
    document = normal(toy())
    document["questions"].reverse()
    document["outcomes"].reverse()
    document["questions"][-1]["answers"].reverse()
    document["outcomes"][0]["steps"].append({"audience": "support", "text": "Look again."})
    assert normal(document) == document


# --- rows keep their identity ---------------------------------------------------------------------


def test_rows_keep_their_identity_when_their_texts_change():
    before = identities(loading.load(toy()))
    document = toy()
    document["questions"][0]["text"] = "Has a report come?"
    document["questions"][0]["answers"][1]["label"] = "Nothing yet"
    document["outcomes"][0]["title"] = "Junk folder"
    document["codes"][0]["meaning"] = "Too late."
    guide = loading.load(document)
    assert identities(guide) == before
    assert guide.questions.get(key="report").text == "Has a report come?"
    assert guide.codes.get(code="EXPIRED").meaning == "Too late."


def test_a_code_in_another_case_is_the_same_row():
    before = identities(loading.load(toy()))
    document = toy()
    document["codes"][0]["code"] = "expired"
    assert identities(loading.load(document))["expired"] == before["EXPIRED"]


def test_numbers_that_are_in_order_are_left_alone():
    guide = loading.load(toy())
    guide.outcomes.filter(key="junk").update(order=0)
    guide.outcomes.filter(key="wait").update(order=7)
    document = normal(toy())
    document["outcomes"].append(outcome("new"))
    loading.load(document)
    assert dict(guide.outcomes.values_list("key", "order")) == {
        "junk": 0, "wait": 7, "lost": 30, "new": 40,
    }  # fmt: skip
    document["outcomes"].insert(1, document["outcomes"].pop())
    loading.load(document)
    assert dict(guide.outcomes.values_list("key", "order")) == {
        "junk": 0, "new": 40, "wait": 50, "lost": 60,
    }  # fmt: skip


def test_numbers_too_large_for_more_to_follow_are_made_small_again():
    guide = loading.load(toy())
    last = Answer.objects.get(question__key="report", key="failed")
    Answer.objects.filter(pk=last.pk).update(order=32_767)
    document = toy()
    document["questions"][0]["answers"].append({"key": "new"})
    loading.load(document)
    answers = guide.questions.get(key="report").answers
    assert list(answers.values_list("order", flat=True)) == [10, 20, 30, 40, 50]


def test_a_step_stays_the_same_row_so_that_whoever_has_it_open_can_save_it():
    document = toy()
    document["outcomes"][0]["steps"] *= 2
    loading.load(document)
    before = list(RemediationStep.objects.values_list("pk", flat=True))
    document["outcomes"][0]["steps"] = [{"audience": "admin", "text": "Look twice."}]
    loading.load(document)
    kept = list(RemediationStep.objects.values_list("pk", flat=True))
    assert kept == [before[0], *before[2:]]
    assert RemediationStep.objects.get(pk=before[0]).text == "Look twice."


def test_a_translation_that_stays_the_same_stays_the_same_row():
    document = toy(
        translations={
            "zh-hans": [{"text": text, "translation": "垃圾"} for text in ("Junk", "Wait")]
        }
    )
    guide = loading.load(document)
    before = dict(guide.translations.values_list("text", "pk"))
    document["translations"]["zh-hans"][1]["translation"] = "等"
    loading.load(document)
    assert guide.translations.get(text="Junk").pk == before["Junk"]
    assert guide.translations.get(text="Wait").translation == "等"


def test_what_is_as_the_document_says_is_not_written_anew():
    document = normal(toy())
    document["outcomes"][0]["title"] = "Junk folder"
    with CaptureQueriesContext(connection) as queries:
        loading.load(document)
    written = [query["sql"].split()[1] for query in queries if query["sql"].startswith("UPDATE")]
    assert written == ['"wizard_outcome"', '"wizard_guide"']


def test_translations_that_wait_for_their_text_are_in_the_document_if_asked_for():
    waiting = {"zh-hans": [{"text": "Gone", "translation": "旧"}]}
    guide = loading.load(toy(translations=waiting))
    assert "translations" not in drafts.document_of(guide)
    assert drafts.document_of(guide, with_waiting=True)["translations"] == waiting


def test_blanks_around_a_text_are_no_reason_to_write_it_anew():
    document = toy()
    document["outcomes"][0]["happened"] = "Something.\n"
    loading.load(document)
    with CaptureQueriesContext(connection) as queries:
        loading.load(normal(document))
    assert not [query for query in queries if 'UPDATE "wizard_outcome"' in query["sql"]]


def test_a_part_that_the_document_no_longer_gives_falls_back_to_its_default():
    document = toy()
    document["outcomes"][0] |= {"certainty": "likely", "come_back_minutes": 60, "attach": ["a"]}
    loading.load(document)
    row = Outcome.objects.get(guide=loading.load(toy()), key="junk")
    assert (row.certainty, row.come_back_minutes, row.attach) == ("possible", 0, "")


def test_what_the_document_lacks_disappears():
    loading.load(toy())
    document = toy(questions=[toy()["questions"][0]], outcomes=[outcome("junk")], codes=[])
    document["questions"][0]["answers"] = document["questions"][0]["answers"][:1]
    loading.load(document)
    assert list(Question.objects.values_list("key", flat=True)) == ["report"]
    assert list(Outcome.objects.values_list("key", flat=True)) == ["junk"]
    assert list(Answer.objects.values_list("key", flat=True)) == ["delivered"]
    assert RemediationStep.objects.count() == 1
    assert not Code.objects.exists()


def test_a_key_may_move_from_a_question_to_an_outcome():
    loading.load(toy())
    document = toy(
        questions=[toy()["questions"][0]], outcomes=[*toy()["outcomes"], outcome("code")]
    )
    guide = loading.load(document)
    assert guide.outcomes.get(key="code").pk
    assert Answer.objects.get(question__guide=guide, key="failed").to_outcome.key == "code"


def test_other_guides_are_left_alone():
    other = publishable_guide()
    before = drafts.document_of(other)
    loading.load(toy())
    assert drafts.document_of(other) == before
    assert Guide.objects.count() == 2


def test_targets_that_exist_nowhere_are_dropped():
    document = toy()
    document["guide"]["start"] = "gone"
    document["questions"][0]["answers"][0]["to"] = "gone"
    document["outcomes"][0]["otherwise"] = "gone"
    document["codes"][0]["to"] = "gone"
    written = normal(document)
    assert "start" not in written["guide"]
    assert "to" not in written["questions"][0]["answers"][0]
    assert "otherwise" not in written["outcomes"][0]
    assert "to" not in next(row for row in written["codes"] if row["code"] == "EXPIRED")


def test_a_guide_cannot_start_at_an_outcome():
    document = toy()
    document["guide"]["start"] = "junk"
    assert loading.load(document).start is None


# --- texts ----------------------------------------------------------------------------------------


def test_line_endings_of_browsers_and_blanks_around_a_text_are_no_change():
    guide = loading.load(toy())
    before = drafts.document_of(guide)
    before["questions"][0] |= {"help": "one\n\ntwo", "covers": ["S1.1", "S1.2"]}
    row = guide.questions.get(key="report")
    row.help, row.covers = "  one\r\n\r\ntwo\r\n", "S1.1\r\n\r\n  S1.2  \r\n"
    row.save()
    assert drafts.document_of(guide) == before


def test_what_people_also_say_is_carried_by_the_document_with_its_translation():
    document = toy()
    document["questions"][0]["synonyms"] = ["no battery", "dead phone"]
    document["outcomes"][0]["synonyms"] = ["spam"]
    pairs = [{"text": "no battery", "translation": "没电"}, {"text": "spam", "translation": "垃圾"}]
    document["translations"] = {"zh-hans": pairs}
    written = drafts.document_of(loading.load(document))
    assert written["questions"][0]["synonyms"] == ["no battery", "dead phone"]
    assert written["outcomes"][0]["synonyms"] == ["spam"]
    assert written["translations"]["zh-hans"] == pairs


def test_a_draft_with_the_line_endings_of_old_macs_is_a_document_too():
    guide = loading.load(toy())
    guide.questions.filter(key="report").update(help="one\rtwo")
    assert drafts.snapshot_of(guide).questions["report"].help == "one\ntwo"


@pytest.mark.parametrize("separator", ["\u2028", "\u2029"])
def test_an_entry_of_a_list_that_would_become_two_is_refused(separator):
    document = toy()
    document["codes"][0]["causes"] = [f"one{separator}two"]
    with pytest.raises(DocumentError, match="one line"):
        loading.load(document)


# --- all of it or nothing -------------------------------------------------------------------------


def test_a_document_of_the_wrong_form_changes_nothing():
    before = normal(toy())
    document = toy()
    document["guide"]["title"] = "Changed"
    document["codes"][0]["colour"] = "red"
    with pytest.raises(DocumentError):
        loading.load(document)
    assert drafts.document_of(Guide.objects.get()) == before


def test_a_fault_in_the_middle_of_loading_changes_nothing(monkeypatch):
    before = normal(toy())
    document = toy(outcomes=[outcome("junk", title="Changed")], codes=[])
    document["guide"]["title"] = "Changed"

    def fail(*_):
        raise RuntimeError("the database has gone away")

    monkeypatch.setattr(loading, "_load_codes", fail)
    with pytest.raises(RuntimeError):
        loading.load(document)
    assert drafts.document_of(Guide.objects.get()) == before


def test_a_new_guide_that_fails_leaves_no_trace(monkeypatch):
    monkeypatch.delattr(loading, "_load_steps")
    with pytest.raises(NameError):
        loading.load(toy())
    assert not Guide.objects.exists()


@pytest.mark.parametrize("document", files.shipped(), ids=lambda one: one["guide"]["slug"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_text_of_a_shipped_guide_is_there_in_each_language(document, language):
    assert missing(drafts.snapshot_of(loading.load(document)), language) == []


# --- what it costs --------------------------------------------------------------------------------


def queries_of(call):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        call()
    return len(queries)


@pytest.mark.parametrize("size", [5, 50])
def test_the_document_of_a_draft_costs_seven_queries_whatever_its_size(size):
    guide = publishable_guide()
    for _ in range(size):
        question = QuestionFactory(guide=guide)
        following = OutcomeFactory(guide=guide, otherwise_outcome=guide.outcomes.first())
        AnswerFactory(question=question, to_outcome=following)
        AnswerFactory(question=question, to_question=guide.questions.first())
    guide = Guide.objects.get(pk=guide.pk)
    assert queries_of(lambda: drafts.document_of(guide)) == 7


def test_loading_costs_as_many_queries_for_50_questions_as_for_5():
    def sized(size):
        answers = [{"key": "on", "label": "On", "to": "junk"}]
        questions = [{"key": f"q{n}", "text": f"{n}?", "answers": answers} for n in range(size)]
        codes = [{"code": f"E{n}", "to": "junk"} for n in range(size)]
        outcomes = [outcome("junk"), *(outcome(f"o{n}") for n in range(size))]
        return toy(questions=questions, codes=codes, outcomes=outcomes)

    few = queries_of(lambda: loading.load(sized(5)))
    assert queries_of(lambda: loading.load(sized(50))) <= few + 5


def test_a_new_guide_stands_last_on_the_home_page_and_keeps_the_place_it_is_given():
    first = loading.load(toy())
    second = loading.load(toy(guide={**toy()["guide"], "slug": "another", "title": "Aaa"}))
    assert list(Guide.objects.all()) == [first, second]
    Guide.objects.filter(pk=second.pk).update(order=first.order)
    loading.load(drafts.document_of(second))
    assert list(Guide.objects.all()) == [second, first]


def test_a_block_of_text_in_a_file_keeps_its_translation_in_the_draft():
    """A file ends a block with a line break, a draft does not."""
    document = toy()
    document["questions"][0]["help"] = "Look\n\nagain.\n"
    document["translations"] = {
        "zh-hans": [{"text": "Look\n\nagain.\n", "translation": "再看。\n"}],
    }
    of_the_file = read_in(compile_document(document), "zh-hans")
    of_the_draft = drafts.snapshot_of(loading.load(document), "zh-hans")
    assert of_the_file.questions["report"].help == of_the_draft.questions["report"].help == "再看。"


def test_shipped_guides_that_tests_copy_are_those_that_are_loaded(monkeypatch):
    monkeypatch.setattr(shipped, "_kept", {})
    made = []
    for _ in range(2):
        with transaction.atomic():
            shipped.publish()
            guides = Guide.objects.order_by("slug")
            made.append([(drafts.document_of(guide), guide.live.snapshot) for guide in guides])
            guides[0].questions.create(key="one-more", text="Is its key free?")
            transaction.set_rollback(True)
    assert made[0] == made[1]
    assert len(made[0]) == len(files.shipped())
