"""Every way by which an outcome of a shipped guide is reached, for whoever reads its sentences.

`python -m tests.content.ways sms-not-received` prints each shared outcome with the ways that lead
there and the sentences that have to be true on all of them; keys after the name print those alone.
"""

import sys
from collections.abc import Iterator

from wizard.authoring import files
from wizard.engine.document import compile_document
from wizard.engine.snapshot import Outcome, Snapshot


def guide_of(slug: str) -> Snapshot:
    """A shipped guide, by its slug; none of that name is a KeyError."""
    return {one["guide"]["slug"]: compile_document(one) for one in files.shipped()}[slug]


def doors(guide: Snapshot, key: str) -> Iterator[str]:
    """What leads straight to a node: answers, codes, and outcomes that did not help."""
    for question in guide.questions.values():
        for answer in question.answers:
            if answer.to == key:
                yield f"{question.key}={answer.key}"
    for code in guide.catalogue.codes:
        if code.to == key:
            yield f"{code.namespace}:{code.code}"
    for outcome in guide.outcomes.values():
        if outcome.otherwise == key:
            yield f"still failing after {outcome.key}"


def asked_before(guide: Snapshot, key: str) -> frozenset[str]:
    """The first answers from which a node can be reached: who it is that reads it."""
    start = guide.questions[guide.start]
    return frozenset(answer.key for answer in start.answers if key in below(guide, answer.to))


def below(guide: Snapshot, key: str) -> frozenset[str]:
    """A node and all that is reached from it, codes and outcomes that did not help included."""
    found, ahead = set[str](), [key]
    while ahead:
        one = ahead.pop()
        if one and one not in found:
            found.add(one)
            ahead += guide.targets(one)
    return frozenset(found)


def sentences(outcome: Outcome) -> Iterator[str]:
    """What a visitor reads there."""
    yield from (outcome.title, outcome.happened, outcome.certainty_note, outcome.no_steps)
    yield from (f"[{step.audience}] {step.text} -> {step.see}" for step in outcome.steps)
    yield from (outcome.come_back, outcome.still_failing, outcome.hand_over_when)


def report(guide: Snapshot, *keys: str) -> Iterator[str]:
    """The shared outcomes of a guide, or those that are named, line by line."""
    for key, outcome in guide.outcomes.items():
        ways = [*doors(guide, key)]
        if key in keys or (not keys and len(ways) > 1):
            yield f"## {key}: {', '.join(ways)}"
            yield f"   from: {', '.join(sorted(asked_before(guide, key)))}"
            yield from (f"   {' '.join(line.split())}" for line in sentences(outcome) if line)


if __name__ == "__main__":
    slug, *named = sys.argv[1:]
    print("\n".join(report(guide_of(slug), *named)))
