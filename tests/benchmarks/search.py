"""python -m tests.benchmarks.search: sentences and hostile texts against the shipped guides.

Everything runs in this process, with SQLite. What counts is the ratio of a hostile text to a
sentence, within rounds; beside it stand milliseconds of this machine's processor.
"""

import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Final

import yaml

ROUNDS = int(os.environ.get("ROUNDS", "20"))
GOAL_RATIO = 10.0
GOAL_MILLISECONDS = 5.0
HOSTILE: Final = {
    "one character": "验" * 20_000,
    "all characters": "".join(map(chr, range(0x4E00, 0x9000))),
    "words that nobody wrote": " ".join(f"zqxj{number:x}" for number in range(9_000)),
    "mistyped words": "verfication recieve templte rejcted " * 500,
    "a word that has no end": "a" * 20_000,
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
        _prepare()
        _report(*_measure(_sentences()))


def _prepare() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from wizard.authoring import files, loading, publishing

    call_command("migrate", verbosity=0)
    for document in files.shipped():
        publishing.publish(loading.load(document), by=None)


def _sentences() -> list[str]:
    folder = Path(__file__).parent.parent / "published/sentences"
    return [
        row["text"] for file in folder.glob("*.yaml") for row in yaml.safe_load(file.read_text())
    ]


def _measure(sentences: list[str]) -> tuple[float, list[float], dict[str, list[float]]]:
    """Milliseconds: until both indexes are made; of a sentence, and of each text, by round."""
    built = _milliseconds(["phone off", "关机"])
    rounds, hostile = [], {name: list[float]() for name in HOSTILE}
    for _ in range(ROUNDS):
        rounds.append(_milliseconds(sentences) / len(sentences))
        for name, text in HOSTILE.items():
            hostile[name].append(_milliseconds([text]))
    return built, rounds, hostile


def _milliseconds(texts: list[str]) -> float:
    from wizard.published.search import search

    began = time.process_time()
    for text in texts:
        search(text)
    return (time.process_time() - began) * 1000


def _report(built: float, sentence: list[float], hostile: dict[str, list[float]]) -> None:
    print(f"The first search in each language: {built:.0f} ms")
    print(f"A sentence: {statistics.median(sentence):.2f} ms (goal: under {GOAL_MILLISECONDS:.0f})")
    for name, found in hostile.items():
        ratio = statistics.median(a / b for a, b in zip(found, sentence, strict=True))
        print(f"{name} / a sentence: {ratio:.2f} (goal: at most {GOAL_RATIO:.0f})")


if __name__ == "__main__":
    main()
