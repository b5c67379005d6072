"""How often a function is called, whoever calls it."""

import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import get_resolver


def counted(
    monkeypatch: pytest.MonkeyPatch, function: Callable[..., Any], by: Callable[..., Any]
) -> Counter[Any]:
    """Count the calls of a function from now on, in each module of the product that has it.

    `by` makes of a call's arguments what it is counted by.
    """
    # What views import is there from now on: a module that came later would keep the counting.
    assert get_resolver().url_patterns
    calls: Counter[Any] = Counter()

    def counting(*args: Any, **kwargs: Any) -> Any:
        calls[by(*args, **kwargs)] += 1
        return function(*args, **kwargs)

    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] != "wizard":
            continue
        for place, value in list(vars(module).items()):
            if value is function:
                monkeypatch.setattr(module, place, counting)
    return calls
