"""Guide files: a document as YAML or JSON text, and back. The form is in `docs/guide-file.md`."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, Literal

import yaml

from wizard.authoring import libraries
from wizard.engine.document import DocumentError

MAX_BYTES: Final = 5 * 1024 * 1024
_MAX_DEPTH: Final = 20
_MAX_EVENTS: Final = 500_000
SHIPPED: Final = Path(__file__).parents[1] / "content"

Format = Literal["yaml", "json"]


class _Loader(yaml.CSafeLoader):
    """Plain data only, and texts as they stand.

    What YAML takes for a date, a fraction, an octal or a sexagesimal number (2026-11-23, 1.50,
    000000, 12:30) is a text to whoever writes a guide. A name that stands twice is an error, not
    a silent choice of the last.
    """


_TAG: Final = "tag:yaml.org,2002:"


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for name, part in node.value:
        if not isinstance(name, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(None, None, "a name is text", name.start_mark)
        if name.value in parts:
            problem = f"{name.value!r} stands twice"
            raise yaml.constructor.ConstructorError(None, None, problem, name.start_mark)
        parts[name.value] = loader.construct_object(part, deep=True)
    return parts


def _as_it_stands(loader: _Loader, node: yaml.ScalarNode) -> str:
    return str(node.value)


def _whole(loader: _Loader, node: yaml.ScalarNode) -> int | str:
    return int(node.value) if re.fullmatch(r"-?(0|[1-9][0-9]*)", node.value) else node.value


def _date(loader: _Loader, node: yaml.ScalarNode) -> str:
    loader.construct_yaml_timestamp(node)
    return str(node.value)


_Loader.add_constructor(f"{_TAG}map", _mapping)
_Loader.add_constructor(f"{_TAG}int", _whole)
_Loader.add_constructor(f"{_TAG}float", _as_it_stands)
_Loader.add_constructor(f"{_TAG}timestamp", _date)


class _Dumper(yaml.CSafeDumper):
    """Long texts as readable blocks, and no aliases, which nobody could read again."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def parse(text: str) -> dict[str, Any]:
    """Read the text of a guide file.

    Raises:
        DocumentError: too long, neither YAML nor JSON, or not a set of named parts.
    """
    if len(text.encode(errors="replace")) > MAX_BYTES:
        raise DocumentError(f"the file is larger than {MAX_BYTES // 1024 // 1024} MB")
    text = text.removeprefix("\ufeff")
    # JSON first: what it writes for an emoji is nothing that YAML can read.
    loaded = _json(text) if text.lstrip().startswith("{") else None
    if loaded is None:
        loaded = _yaml(text)
    if not isinstance(loaded, dict):
        raise DocumentError("expected named parts: format, guide, questions, outcomes, codes")
    return libraries.completed(loaded)


def _json(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_once)
    except DocumentError:
        raise
    except (ValueError, RecursionError):
        return None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for name, part in pairs:
        if name in parts:
            raise DocumentError(f"{name!r} stands twice in the same part")
        parts[name] = part
    return parts


def _yaml(text: str) -> Any:
    try:
        _refuse_bombs(text)
        return yaml.load(text, Loader=_Loader)  # noqa: S506 -- a safe loader, see above
    except DocumentError:
        raise
    except (yaml.YAMLError, ValueError) as error:
        raise DocumentError(f"not readable as YAML or JSON: {error}") from error


def _refuse_bombs(text: str) -> None:
    """Refuse what no guide needs and a hostile file can use; nothing is built here, nothing recurs.

    Aliases, by which a small file unfolds into a huge one; tags, which ask for other things than
    plain data; nesting that would break a parser's stack; more parts than any guide has.
    """
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=yaml.CSafeLoader)):
        if isinstance(event, yaml.AliasEvent):
            raise DocumentError("aliases (*name) are not used in guide files")
        if getattr(event, "tag", None) is not None:
            raise DocumentError("not readable as YAML or JSON: a tag (!name) is an unknown part")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH:
            raise DocumentError("the file is nested too deeply")
        if count > _MAX_EVENTS:
            raise DocumentError("the file has too many parts")


def dump(document: dict[str, Any], form: Format = "yaml") -> str:
    """Write a document as the text of a guide file, which names a library that ships."""
    document = libraries.named(document)
    if form == "json":
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)


def read(paths: Iterable[Path]) -> dict[str, Any]:
    """Read a document that is spread over files, each with some of its parts.

    Raises:
        DocumentError: a file cannot be read, or two hold the same part.
    """
    document: dict[str, Any] = {}
    for path in paths:
        part = parse(path.read_text(encoding="utf-8"))
        for name in part.keys() & document.keys() - {"format"}:
            raise DocumentError(f"{name!r} stands in more than one file")
        document |= part
    return document


def folders() -> list[Path]:
    """The folders of the guides that come with the product, in the order of the home page.

    `order.txt` beside them has their names, one a line; those that it leaves out follow by name.
    """
    found = sorted(path for path in SHIPPED.iterdir() if path.is_dir())
    order = SHIPPED / "order.txt"
    named = order.read_text(encoding="utf-8").split() if order.exists() else []
    places = {name: place for place, name in enumerate(named)}
    return sorted(found, key=lambda path: places.get(path.name, len(places)))


def shipped() -> list[dict[str, Any]]:
    """The guides that come with the product, in the order of the home page."""
    return [read(sorted(folder.glob("*.yaml"))) for folder in folders()]
