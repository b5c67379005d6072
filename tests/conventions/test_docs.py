"""The documentation tells the truth: what it names is there, and what is there is named."""

import importlib.util
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from django.conf import settings
from django.core.management import get_commands
from markdown_it import MarkdownIt
from markdown_it.token import Token

from wizard.engine import evidence
from wizard.engine.evidence import Fact

ROOT = Path(settings.BASE_DIR)
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
CODE = [
    path
    for folder in ("smsdoctor", "wizard", "tests", "templates", "static")
    for suffix in ("py", "html", "txt", "yaml", "css", "js")
    for path in sorted((ROOT / folder).rglob(f"*.{suffix}"))
    if path != Path(__file__) and "vendor" not in path.parts
]
README_LINES = 150

FOLDERS = r"(?:wizard|smsdoctor|tests|templates|static|docs|\.ci)"
# A file or a folder, as `wizard/engine/walk.py` or `tests/engine/`; one with a blank in it is none.
FILE = re.compile(rf"(?<![\w./<-]){FOLDERS}/[\w./*<>-]*[\w*>/]")
CITED = re.compile(r'(?<![\w/])(docs/[\w./-]+\.\w+)`?(?:, ("[^"]+"(?:(?:,| and|, and) "[^"]+")*))?')
MAKE = re.compile(r"^\s*make ((?:[a-z][a-z-]*\b(?!=) ?)+)", re.MULTILINE)
COMMAND = re.compile(r"\bmanage\.py ([a-z_]+)")
MODULE = re.compile(r"\bpython -m ([\w.]+)")
# Given to `make`, not to the site.
OF_MAKE = frozenset({"PYTHON", "PORT", "SIMULATOR_PORT", "ARGS", "PICTURES"})


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


every_document = pytest.mark.parametrize("document", PAGES, ids=name)


@cache
def tokens(page: Path) -> list[Token]:
    blocks = MarkdownIt("commonmark").enable("table").parse(page.read_text())
    return [token for block in blocks for token in (block, *(block.children or ()))]


@cache
def anchors(page: Path) -> dict[str, str]:
    """The headings of a page, by the anchor that a link to them ends in."""
    blocks = tokens(page)
    found: dict[str, str] = {}
    for place, block in enumerate(blocks):
        if block.type == "heading_open":
            text = "".join(one.content for one in blocks[place + 1].children or ())
            slug = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
            found[slug] = text
    return found


def code_of(page: Path) -> Iterator[str]:
    """What stands as code on a page: spans and blocks."""
    for token in tokens(page):
        if token.type in {"code_inline", "fence", "code_block"}:
            yield token.content


def links_of(page: Path) -> Iterator[str]:
    for token in tokens(page):
        target = token.attrGet("href") or token.attrGet("src")
        if token.type in {"link_open", "image"} and isinstance(target, str):
            yield target


def prose(path: Path) -> str:
    """A file in which a sentence of a comment goes on where its line breaks."""
    return re.sub(r"\s*\n\s*#?\s*", " ", path.read_text())


def exists(named: str) -> bool:
    """Whether there is such a file; a star stands for some name, `<...>` for any."""
    if "<" in named:
        return exists(named.partition("<")[0].rpartition("/")[0])
    if "*" in named:
        return any(ROOT.glob(named))
    return (ROOT / named).exists()


# --- citations, links and names of files ----------------------------------------------------------


def cited_in_vain(text: str) -> Iterator[str]:
    for file, headings in CITED.findall(text):
        if not exists(file):
            yield f"{file} is not there"
            continue
        for heading in re.findall(r'"([^"]+)"', headings):
            if heading not in anchors(ROOT / file).values():
                yield f"{file} has no heading {heading!r}"


def test_what_the_code_cites_is_there():
    found = {name(path): list(cited_in_vain(prose(path))) for path in CODE}
    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.parametrize(
    ("comment", "faults"),
    [
        ('(`docs/guide-file.md`, "Rules")', []),
        ('(`docs/guide-file.md`, "Rules" and "Laws")', ["'Laws'"]),
        ("# See docs/nowhere.md for it.", ["docs/nowhere.md"]),
        ('"""As in `docs/guide-file.md`,\n    "No such\n    part"."""', ["'No such part'"]),
        ('# As in docs/guide-file.md, "No\n# such part".', ["'No such part'"]),
    ],
)
def test_a_citation_that_leads_nowhere_is_found(tmp_path, comment, faults):
    file = tmp_path / "code.py"
    file.write_text(comment)
    found = list(cited_in_vain(prose(file)))
    assert len(found) == len(faults)
    assert all(fault in one for one, fault in zip(found, faults, strict=True))


def test_no_facts_are_cited_that_only_their_author_has():
    elsewhere = re.compile(r"(?<!docs/)\bfacts/\w+\.(?:md|csv|json)")
    assert [name(path) for path in CODE if elsewhere.search(path.read_text())] == []


def test_files_that_a_comment_names_are_there():
    named = [
        (name(path), file)
        for path in CODE
        for file in re.findall(rf"`({FOLDERS}/[^`\s]*)`", prose(path))
    ]
    assert named
    assert [one for one in named if not exists(one[1])] == []


def test_code_that_a_comment_names_is_there():
    named = {
        found
        for path in CODE
        for found in re.findall(r"`(wizard(?:\.[A-Za-z_]\w*)+)`", prose(path))
    }
    assert named
    for one in named:
        pkgutil.resolve_name(one)


@every_document
def test_links_lead_somewhere(document):
    for link in links_of(document):
        target = urlsplit(link)
        if target.scheme:
            assert target.scheme in {"http", "https"}
            continue
        found = document.parent / unquote(target.path) if target.path else document
        assert found.exists(), f"{link} leads nowhere"
        assert not target.fragment or target.fragment in anchors(found.resolve())


@every_document
def test_files_that_a_page_names_are_there(document):
    named = [file for code in code_of(document) for file in FILE.findall(code)]
    assert [file for file in named if not exists(file)] == []


@every_document
def test_what_a_page_says_is_in_a_file_is_there(document):
    """Such as: `publish` in `wizard/authoring/publishing.py`."""
    text = re.sub(r"\s+", " ", document.read_text())
    for named, file in re.findall(r"`(\w+)`,? in `([\w/]+\.py)`", text):
        defined = rf"^\s*(?:def|class) {named}\b|^\s*{named}\b.* = "
        assert re.search(defined, (ROOT / file).read_text(), re.MULTILINE), f"{named} in {file}"


def test_every_page_can_be_reached_from_the_readme():
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop().resolve()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        paths = (urlsplit(link) for link in links_of(page))
        waiting += [page.parent / one.path for one in paths if one.path and not one.scheme]
    assert [name(page) for page in PAGES if page.resolve() not in reached] == []


# --- commands -------------------------------------------------------------------------------------


def targets() -> set[str]:
    rules = re.findall(r"^([a-z][a-z -]*):(?!=)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    return {target for rule in rules for target in rule.split()}


@every_document
def test_commands_that_a_page_gives_are_there(document):
    code = "\n".join(code_of(document))
    made = {target for found in MAKE.findall(code) for target in found.split()}
    assert made - targets() == set()
    assert set(COMMAND.findall(code)) - get_commands().keys() == set()
    assert [module for module in MODULE.findall(code) if not importlib.util.find_spec(module)] == []


def test_commands_that_a_comment_names_are_there():
    text = "\n".join(map(prose, CODE))
    assert set(re.findall(r"`make ([a-z-]+)`", text)) - targets() == set()
    assert set(re.findall(r"`manage\.py ([a-z_]+)", text)) - get_commands().keys() == set()


# --- settings -------------------------------------------------------------------------------------


def read_from_the_environment() -> set[str]:
    site = (ROOT / "smsdoctor/settings.py").read_text()
    server = (ROOT / "smsdoctor/server.py").read_text()
    return set(re.findall(r'env\.\w+\(\s*"(\w+)"', site)) | set(
        re.findall(r'environ\.get\(\s*"(\w+)"', server.replace("'", '"'))
    )


def documented_settings() -> set[str]:
    """What the first columns of the tables name."""
    page = (ROOT / "docs/settings.md").read_text()
    cells = re.findall(r"^\| (`[^|]*?) \|", page, re.MULTILINE)
    return {setting for cell in cells for setting in re.findall(r"`(\w+)`", cell)}


def test_every_setting_is_documented_and_every_one_that_is_documented_is_there():
    assert read_from_the_environment()
    assert documented_settings() == read_from_the_environment()


@every_document
def test_settings_that_a_page_names_are_there(document):
    known = read_from_the_environment() | OF_MAKE
    named = {word for code in code_of(document) for word in re.findall(r"^([A-Z0-9_]+)=", code)}
    assert named - known == set()


# --- the first page -------------------------------------------------------------------------------


def test_the_readme_can_be_read_in_one_go():
    assert len((ROOT / "README.md").read_text().splitlines()) <= README_LINES


def test_the_fact_of_the_newcomers_exercise_can_be_written_as_it_stands_there():
    text = (ROOT / "docs/contributing.md").read_text()
    [written] = re.findall(r"^ {8}(Fact\(.*\)),$", text, re.MULTILINE)
    fact = eval(written, {**vars(evidence)})  # noqa: S307 # our own words
    assert fact == Fact("message.parts", evidence.FactKind.NUMBER)
