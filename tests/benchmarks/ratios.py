"""What benchmarks found: printed beside the goals, compared with the last time, and kept.

`docs/performance.json` holds what was measured last, part by part; the version before it is in the
repository's history. Ratios are compared, not times, for machines differ; all of a part come from
one run on one server program.
"""

import json
import os
import platform
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

FILE: Final = Path(__file__).parents[2] / "docs/performance.json"
_NOISE: Final = 0.1
"""A part of the last median that nothing is said about: machines are no steadier than that."""


@dataclass(frozen=True)
class Ratio:
    """One thing measured, a value for each round. With a goal it is known which way is better."""

    name: str
    rounds: Sequence[float]
    at_least: float | None = None
    at_most: float | None = None
    better: Literal["more", "less"] = "more"
    unit: str = ""

    @property
    def less_is_better(self) -> bool:
        return self.at_most is not None or (self.at_least is None and self.better == "less")

    @property
    def median(self) -> float:
        return statistics.median(self.rounds)

    @property
    def middle_half(self) -> tuple[float, float]:
        """Where half of the rounds lie; with a single round, that."""
        if len(self.rounds) < 2:
            return self.median, self.median
        quarters = statistics.quantiles(self.rounds, n=4)
        return quarters[0], quarters[2]

    @property
    def verdict(self) -> str:
        if self.at_least is not None:
            reached = self.median >= self.at_least
            return f"at least {self.at_least:g}: {'reached' if reached else 'NOT reached'}"
        if self.at_most is not None:
            reached = self.median <= self.at_most
            return f"at most {self.at_most:g}: {'reached' if reached else 'NOT reached'}"
        return ""


def report(part: str, found: Iterable[Ratio], *, server: str, file: Path = FILE) -> list[str]:
    """Print what was found as a table, and keep it in place of what the part had.

    Args:
        part: the benchmark's name in the file.
        server: what served, as a reader needs it to judge the figures.

    Returns:
        The names of what became worse than the last time.
    """
    found, kept = list(found), _kept(file)
    last = kept.get(part, {}).get("ratios", {})
    print(f"\n{part}, {server}, {machine()}\n")
    print("| what | median | middle half | goal | last time |\n|---|---|---|---|---|")
    for ratio in found:
        print(_row(ratio, last.get(ratio.name)))
    worse = [ratio.name for ratio in found if _is_worse(ratio, last.get(ratio.name))]
    for name in worse:
        print(f"WORSE than the last time: {name}")
    kept[part] = {
        "measured": f"{datetime.now(UTC):%Y-%m-%d}",
        "server": server,
        "machine": machine(),
        "ratios": {ratio.name: _summary(ratio) for ratio in found},
    }
    file.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    return worse


def machine() -> str:
    """What it ran on, as far as it matters for a ratio."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{python} on {platform.system()} {platform.machine()}, {cores} cores"


def _kept(file: Path) -> dict[str, Any]:
    if not file.exists():
        return {}
    kept: dict[str, Any] = json.loads(file.read_text())
    return kept


def _row(ratio: Ratio, last: Mapping[str, float] | None) -> str:
    low, high = ratio.middle_half
    unit = f" {ratio.unit}" if ratio.unit else ""
    before = f"{last['median']:.4g}{unit}" if last else ""
    middle = f"{low:.4g} to {high:.4g}" if len(ratio.rounds) > 1 else ""
    return f"| {ratio.name} | {ratio.median:.4g}{unit} | {middle} | {ratio.verdict} | {before} |"


def _is_worse(ratio: Ratio, last: Mapping[str, float] | None) -> bool:
    """Whether it lies beyond the noise: of the median, and of the rounds of both times."""
    if last is None:
        return False
    low, high = ratio.middle_half
    if ratio.less_is_better:
        return ratio.median > last["median"] * (1 + _NOISE) and low > last["high"]
    return ratio.median < last["median"] * (1 - _NOISE) and high < last["low"]


def _summary(ratio: Ratio) -> dict[str, float]:
    low, high = ratio.middle_half
    return {
        name: float(f"{value:.4g}")
        for name, value in (("median", ratio.median), ("low", low), ("high", high))
    }
