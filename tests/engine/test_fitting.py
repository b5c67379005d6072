"""Which guide fits what is known best."""

from hypothesis import given

from tests.engine.toys import NOON, evidences, outcome, toy
from wizard.engine.document import compile_document
from wizard.engine.evidence import Evidence, Finding
from wizard.engine.fitting import fit
from wizard.engine.snapshot import Snapshot


def said(**values: object) -> Evidence:
    names = {name.replace("_", ".", 1): value for name, value in values.items()}
    return {name: Finding(name, value, "test", NOON) for name, value in names.items()}


def guide(*rules: str, unsure: int = -1) -> Snapshot:
    """A guide of as many questions as rules, each of which its rule answers.

    `unsure` is the number of the question at which the rule only says that nobody can tell.
    """
    keys = [f"question-{number}" for number in range(len(rules))]
    questions = [
        {
            "key": key,
            "answers": [
                {
                    "key": "yes",
                    "label": "Yes",
                    "to": to,
                    "rules": [rule],
                    "unsure": number == unsure,
                },
                {"key": "no", "label": "No", "to": "end"},
            ],
        }
        for number, (key, to, rule) in enumerate(zip(keys, [*keys[1:], "end"], rules, strict=True))
    ]
    head = {"slug": "made", "start": keys[0]}
    return compile_document(toy(guide=head, questions=questions, outcomes=[outcome("end")]))


def test_a_guide_that_uses_more_of_what_is_known_fits_better():
    known = said(report_present=True, report_status="DELIVRD")
    both = guide("report.present is true and report.status is DELIVRD")
    one = guide("report.present is true")
    assert fit(both, known, NOON) > fit(one, known, NOON)


def test_a_fact_that_answers_two_questions_counts_once():
    known = said(report_present=True)
    once = guide("report.present is true")
    twice = guide("report.present is true", "report.present is true")
    assert fit(once, known, NOON).used == fit(twice, known, NOON).used == 1


def test_a_guide_that_arrives_fits_better_than_one_that_has_to_ask():
    known = said(api_code="E000101")
    arrives = guide("api.code is E000101", "api.code is E000101")
    asks = guide("api.code is E000101", "report.present is true")
    assert fit(arrives, known, NOON) > fit(asks, known, NOON)


def test_of_two_guides_that_make_as_much_of_it_the_nearer_one_fits_better():
    known = said(api_code="E000101")
    near = guide("api.code is E000101")
    far = guide("api.code is E000101", "api.code not in 000000")
    assert fit(near, known, NOON) > fit(far, known, NOON)


def test_a_question_of_which_the_evidence_cannot_tell_makes_no_guide_less_near():
    known = said(api_error="timeout")
    finer = guide("api.error is timeout", "api.error is timeout", unsure=1)
    coarser = guide("api.error is timeout", "api.error is timeout")
    assert fit(finer, known, NOON) > fit(coarser, known, NOON)
    assert fit(finer, known, NOON) == fit(guide("api.error is timeout"), known, NOON)


def test_a_guide_without_a_rule_for_what_is_known_fits_less_than_any_with_one():
    known = said(api_code="E000101")
    silent = guide("report.present is true")
    speaks = guide("api.code is E000101", *["report.present is true"] * 5)
    assert fit(speaks, known, NOON) > fit(silent, known, NOON)


@given(evidences())
def test_it_is_total_and_the_same_for_the_same_evidence(known):
    snapshot = compile_document(toy())
    assert fit(snapshot, known, NOON) == fit(snapshot, known, NOON)
    assert 0 <= fit(snapshot, known, NOON).used <= len(known) + 1  # the age comes with the clock
