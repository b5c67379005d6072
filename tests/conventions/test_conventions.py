"""Rules of the house that a machine can keep."""

import ast
import html
import re
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PYTHON = [
    path
    for folder in ("smsdoctor", "wizard")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def words_outside_translation(text: str) -> list[str]:
    """Texts of a template that a visitor would read and no translator would see."""
    unread = r"<(style|script)\b.*?</\1>|<!--.*?-->|{% block bodyclass %}.*?{% endblock %}"
    text = html.unescape(re.sub(unread, "", text, flags=re.DOTALL))
    plain, inside = [], False
    for token in Lexer(text).tokenize():
        if token.token_type is TokenType.BLOCK:
            word = token.contents.split()[0]
            inside = word in {"blocktranslate", "plural"} or (
                inside and word != "endblocktranslate"
            )
            plain.append(" ")
        elif token.token_type is TokenType.TEXT and not inside:
            plain.append(token.contents)
        else:
            plain.append(" ")
    joined = "".join(plain)
    attributes = re.findall(r'\b(?:aria-label|title|placeholder|alt)="([^"]*)"', joined)
    outside_tags = re.sub(r"<[^>]*>", "\n", joined)
    return [
        one for one in (*attributes, *outside_tags.splitlines()) if re.search(r"[A-Za-z]{2}", one)
    ]


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_visible_text_of_a_template_can_be_translated(path):
    assert words_outside_translation(path.read_text()) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_no_template_holds_script_style_or_another_host(path):
    text = path.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", text)
    assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", text)
    assert "|safe" not in text


@pytest.mark.parametrize("path", PYTHON, ids=name)
def test_every_module_says_what_lives_in_it(path):
    text = path.read_text()
    assert not text or text.startswith('"""') or text.startswith("#!")


def test_whatever_the_checks_of_types_leave_alone_has_its_reason_beside_it():
    unsaid = []
    for path in (*PYTHON, *(ROOT / "tests/support").glob("*.py"), ROOT / "tests/factories.py"):
        lines = ["", *path.read_text().splitlines()]
        for above, line in pairwise(lines):
            _code, ignored, after = line.partition("# type: ignore")
            if ignored and "#" not in after and not above.strip().startswith("#"):
                unsaid.append(f"{name(path)}: {line.strip()}")
    assert unsaid == []


LOCKS = [
    ("requirements.in", "requirements.txt"),
    ("tests/requirements.in", "tests/requirements.txt"),
]


@pytest.mark.parametrize(("asked", "lock"), LOCKS)
def test_every_requirement_is_locked_with_its_hashes(asked, lock):
    wanted = re.findall(r"^\w[\w-]*", (ROOT / asked).read_text(), re.MULTILINE)
    locked = re.split(r"\n(?=\S)", (ROOT / lock).read_text())
    packages = [entry for entry in locked if not entry.startswith("#")]
    assert all(re.match(r"[\w.\[\]-]+==[\w.]+ ", entry) for entry in packages)
    assert all("--hash=sha256:" in entry for entry in packages)
    names = {re.split(r"[\[=]", entry)[0] for entry in packages}
    assert [name for name in wanted if name.lower() not in names] == [], "make update"


@pytest.mark.parametrize(("_asked", "lock"), LOCKS)
def test_a_lock_names_no_machine_and_no_server(_asked, lock):
    assert not re.search(r"://|(?<![\w.])/|--(?!hash=)", (ROOT / lock).read_text())


def test_vendored_libraries_name_their_version_and_licence():
    readme = (ROOT / "static/vendor/README.md").read_text()
    for folder in (ROOT / "static/vendor").iterdir():
        if folder.is_dir():
            assert f"`{folder.name}/`" in readme
            assert (folder / "LICENSE").exists()


ROW_AND_VALUE = {"Answer", "Cause", "Code", "Outcome", "Question"}
"""What authors edit and what the engine walks by have one meaning, and one name."""


def test_no_two_public_classes_have_one_name_and_two_meanings():
    homes = defaultdict(list)
    for path in PYTHON:
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(name(path))
    # Django finds a command by its class, which has the same name in each.
    several = {one: paths for one, paths in homes.items() if len(paths) > 1 and one != "Command"}
    assert several.keys() == ROW_AND_VALUE, several
