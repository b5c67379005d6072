"""The engine stays pure: the standard library alone, no clock, no files, no chance."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import wizard.engine

MODULES = sorted(Path(wizard.engine.__file__).parent.glob("*.py"))
FORBIDDEN = {"os", "io", "pathlib", "random", "secrets", "socket", "subprocess", "time", "urllib"}
IMPURE = {"now", "today", "utcnow", "open", "input", "print", "eval", "exec"}


def imported(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def called(tree: ast.AST) -> set[str]:
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {getattr(call, "attr", getattr(call, "id", "")) for call in calls}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_the_engine_imports_the_standard_library_alone_and_calls_nothing_impure(path):
    tree = ast.parse(path.read_text())
    for name in imported(tree):
        top = name.split(".")[0]
        assert name.startswith("wizard.engine") or top in sys.stdlib_module_names
        assert top not in FORBIDDEN
    assert called(tree) & IMPURE == set()


@pytest.mark.server
def test_the_engine_runs_where_django_has_never_been_loaded():
    modules = ", ".join(f"wizard.engine.{path.stem}" for path in MODULES if path.stem != "__init__")
    loaded = "[name for name in sys.modules if name.split('.')[0] == 'django']"
    code = f"import sys, {modules}; sys.exit(str({loaded}) if {loaded} else 0)"
    root = Path(wizard.engine.__file__).parent.parent.parent
    subprocess.run([sys.executable, "-c", code], cwd=root, check=True)


@pytest.mark.parametrize(
    "line",
    ["datetime.now()", "datetime.datetime.now(UTC)", "date.today()", "open('x')", "eval('1')"],
)
def test_what_is_impure_is_seen(line):
    assert called(ast.parse(line)) & IMPURE
