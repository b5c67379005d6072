"""What benchmarks find is kept, and what became worse is said."""

import json

import pytest

from tests.benchmarks.ratios import Ratio, report


@pytest.mark.parametrize(
    ("goal", "now", "worse"),
    [
        ({"at_least": 2}, [2.9, 3.0, 3.1], []),
        ({"at_least": 2}, [2.0, 2.1, 2.2], ["pages / constant"]),
        ({"at_most": 4}, [2.0, 2.1, 2.2], []),
        ({"at_most": 4}, [3.9, 4.0, 4.1], ["pages / constant"]),
        ({"better": "less"}, [3.9, 4.0, 4.1], ["pages / constant"]),
        # So far apart that nothing can be said.
        ({"at_least": 2}, [1.0, 2.5, 4.0], []),
    ],
)
def test_what_became_worse_than_the_last_time_is_said(tmp_path, capsys, goal, now, worse):
    file = tmp_path / "kept.json"
    report("pages", [Ratio("pages / constant", [2.9, 3.0, 3.1], **goal)], server="a", file=file)
    report("other", [Ratio("pages / constant", [9.0], **goal)], server="a", file=file)
    found = [Ratio("pages / constant", now, **goal)]
    assert report("pages", found, server="a", file=file) == worse
    assert ("WORSE" in capsys.readouterr().out) == bool(worse)
    kept = json.loads(file.read_text())
    assert kept["pages"]["ratios"]["pages / constant"]["median"] == sorted(now)[1]
    assert kept["other"]["ratios"]["pages / constant"]["median"] == 9.0
