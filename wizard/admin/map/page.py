"""The Map page: the tree of a guide as a picture, and the same as an outline.

All that can be done with it is in its address, so that it needs no script: which colours, how
large, what is folded, what is searched for, which way is lit. The links inside the picture are left
out of the order of Tab and hidden from screen readers: they would come in four at a time for each
node, before anything else of the page. The outline has every one of them, under headings.
"""

import re
from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass, fields, replace
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from wizard.admin.generic import ModelAdmin, choice_of
from wizard.admin.links import may_publish, preview_url
from wizard.admin.map import colours
from wizard.admin.map.drawing import Appearance, Links, draw
from wizard.admin.map.folding import Branches, fold
from wizard.admin.map.layout import reach, roots_of
from wizard.admin.map.outline import outline_of
from wizard.admin.map.tree import Tree
from wizard.admin.page import page_context
from wizard.authoring import drafts
from wizard.engine.document import DocumentError, compile_document
from wizard.engine.snapshot import Snapshot
from wizard.models import Guide, Publication
from wizard.wording import authoring

MOST: Final = 100
"""So many nodes are shown at first; of a larger guide the rest is folded away."""

ZOOMS: Final = ("25", "50", "75", "100", "150", "200")
"""Sizes to choose from, in percent; an address may have others between the least and the most."""

FIT: Final = "fit"
_USUAL_ZOOM: Final = "100"
_LEAST_ZOOM: Final = 10
_MOST_ZOOM: Final = 300
_LISTED: Final = 50


# --- the address ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MapState:
    """What an address of the map says.

    `at` is the node to begin with and `path` the one to which the way is lit; `folded` and
    `unfolded` are nodes for which that was asked, `whole` unfolds all.
    """

    colour: str = colours.FINDINGS
    zoom: str = _USUAL_ZOOM
    version: str = ""
    at: str = ""
    path: str = ""
    q: str = ""
    whole: str = ""
    folded: tuple[str, ...] = ()
    unfolded: tuple[str, ...] = ()

    def url(self, node: str = "", **changes: Any) -> str:
        """The address of the map with changes, at a node of the picture."""
        query = urlencode(replace(self, **changes).pairs, doseq=True)
        return f"?{query}" + (node and f"#n-{node}")

    @property
    def pairs(self) -> dict[str, Any]:
        """What differs from the usual, by the names in the address."""
        named = {_NAMES.get(one.name, one.name): (getattr(self, one.name), one) for one in _FIELDS}
        return {name: value for name, (value, one) in named.items() if value != one.default}


_FIELDS: Final = fields(MapState)
_NAMES: Final = {"folded": "fold", "unfolded": "unfold"}


def state_of(query: QueryDict, tree: Tree, *, may_see_cases: bool) -> MapState:
    """What an address says of this tree; what makes no sense in it is left out."""
    known = set(tree.keys)

    def node(name: str) -> str:
        return query.get(name, "") if query.get(name) in known else ""

    def among(name: str, allowed: Collection[str], usual: str) -> str:
        return query.get(name, "") if query.get(name) in allowed else usual

    return MapState(
        colour=among("colour", _colours(may_see_cases=may_see_cases), colours.FINDINGS),
        zoom=_zoom(query.get("zoom", "")),
        version=query.get("version", ""),
        at=node("at"),
        path=node("path"),
        q=query.get("q", "").strip(),
        whole="1" if query.get("whole") else "",
        folded=tuple(key for key in dict.fromkeys(query.getlist("fold")) if key in known),
        unfolded=tuple(key for key in dict.fromkeys(query.getlist("unfold")) if key in known),
    )


def _zoom(value: str) -> str:
    if value == FIT:
        return FIT
    if not re.fullmatch(r"[0-9]{2,3}", value):
        return _USUAL_ZOOM
    return str(min(max(int(value), _LEAST_ZOOM), _MOST_ZOOM))


def _colours(*, may_see_cases: bool) -> list[str]:
    return list(colours.NAMES) if may_see_cases else [colours.FINDINGS]


# --- the page -------------------------------------------------------------------------------------


def map_view(admin: ModelAdmin[Guide], request: HttpRequest, guide: Guide) -> HttpResponse:
    """Show the draft, or the publication that `version` numbers."""
    context = page_context(admin, request, _("Map"), guide)
    try:
        snapshot = _snapshot(guide, request.GET.get("version", ""))
    except DocumentError as error:
        context["fault"] = error
    else:
        context |= _context(request, guide, Tree(snapshot))
    return TemplateResponse(request, "admin/wizard/map/map.html", context)


def _snapshot(guide: Guide, version: str) -> Snapshot:
    if not version:
        return drafts.snapshot_of(guide)
    if not re.fullmatch(r"[0-9]{1,9}", version):
        raise Http404
    return compile_document(get_object_or_404(guide.publications, number=version).snapshot)


def _context(request: HttpRequest, guide: Guide, tree: Tree) -> dict[str, Any]:
    may_see_cases = request.user.has_perm("wizard.view_case")
    state = state_of(request.GET, tree, may_see_cases=may_see_cases)
    # Where only a branch is shown, ways begin with it.
    seen = replace(tree.snapshot, start=state.at) if state.at else tree.snapshot
    way = _way(seen, state.path)
    branches, start = _branches(tree, state, way)
    colouring = colours.colouring(state.colour, guide, tree.snapshot)
    hits = _hits(tree, state.q)
    look = Appearance(
        marks=colouring.marks,
        links=_links(guide, tree, state, branches, way, seen.reachable),
        hits=set(hits),
        way=way,
    )
    drawing = draw(tree, start, branches, look)
    return {
        "state": state,
        "form": MapForm(state, guide, may_see_cases=may_see_cases),
        "drawing": drawing,
        "outline": outline_of(tree, drawing),
        "size": _size(drawing.width, drawing.height, state.zoom),
        "zooms": [(zoom, state.url(zoom=zoom), zoom == state.zoom) for zoom in ZOOMS],
        "fit": (state.url(zoom=FIT), state.zoom == FIT),
        "colouring": colouring,
        "publish_url": _publish_url(request, guide) if colouring.elsewhere else "",
        "hits": [_hit(tree, state, branches, key) for key in hits[:_LISTED]],
        "hit_count": len(hits),
        "without_words": state.url(q=""),
        "path": _told_path(tree, way) if way else None,
        "without_path": state.url(path=""),
        "at": tree.title(state.at) if state.at else "",
        "without_at": state.url(at=""),
        "shown": len(branches.shown),
        "all": len(tree.keys) if not state.at else len(reach(tree.exits, state.at)),
        "unfold_url": state.url(whole="1", folded=(), unfolded=()),
        "fold_url": state.url(whole="", folded=(), unfolded=()) if state.whole else "",
    }


def _branches(tree: Tree, state: MapState, way: Mapping[str, str]) -> tuple[Branches, str]:
    """What is shown, and the node that it begins with. A way that is lit is never folded away."""
    start = tree.snapshot.start_at(state.at)
    roots = [state.at] if state.at else roots_of(tree.exits, start)
    on_the_way = list(way)[:-1]
    folded = set(state.folded) - set(on_the_way)
    most = len(tree.keys) if state.whole else MOST
    return fold(tree.exits, roots, most, {*state.unfolded, *on_the_way}, folded), start


def _way(snapshot: Snapshot, key: str) -> dict[str, str]:
    """The nodes of a shortest way to one, with what is given at each."""
    way = snapshot.way_to(key) if key else None
    return {} if way is None else {**way, key: ""}


def _told_path(tree: Tree, way: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """The way in words: key and title of each node, and the answer there."""
    return [(key, tree.title(key), _given(tree, key, given)) for key, given in way.items()]


def _given(tree: Tree, key: str, given: str) -> str:
    labels = (way.label for way in tree.ways[key] if given and way.given == given)
    return next(labels, given)


def _size(width: int, height: int, zoom: str) -> tuple[int, int] | None:
    """Width and height of the picture on the page, None if that is the style sheet's matter."""
    return None if zoom == FIT else (width * int(zoom) // 100, height * int(zoom) // 100)


def _publish_url(request: HttpRequest, guide: Guide) -> str:
    if not may_publish(request):
        return ""
    return reverse("admin:wizard_guide_publish", args=[guide.pk])


# --- searching ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hit:
    """A node that was searched for. Where it is folded away, `url` unfolds the way to it."""

    key: str
    title: str
    url: str
    is_shown: bool


def _hits(tree: Tree, words: str) -> list[str]:
    """The nodes whose texts have all the words, in the order of the guide."""
    wanted = words.casefold().split()
    if not wanted:
        return []
    texts = {key: tree.searched(key) for key in tree.keys}
    return [key for key, text in texts.items() if all(word in text for word in wanted)]


def _hit(tree: Tree, state: MapState, branches: Branches, key: str) -> Hit:
    is_shown = key in branches.shown
    if is_shown:
        url = f"#n-{key}"
    elif key in tree.snapshot.reachable:
        url = state.url(key, path=key, at="")
    else:
        url = state.url(key, at=key)
    return Hit(key, tree.title(key), url, is_shown)


# --- links ----------------------------------------------------------------------------------------


def _links(
    guide: Guide,
    tree: Tree,
    state: MapState,
    branches: Branches,
    way: Mapping[str, str],
    reachable: Set[str],
) -> dict[str, Links]:
    """The links of each node that is shown."""
    forms_of = _forms(guide)
    return {
        key: Links(
            form=forms_of.get(key, ""),
            preview=preview_url(guide.pk, key) if key in forms_of else "",
            way=state.url(key, path=key) if key in reachable else "",
            branch=state.url(key, at=key, path="") if tree.exits[key] and key != state.at else "",
            toggle=_toggle(state, branches, way, key) if tree.exits[key] else "",
        )
        for key in branches.shown
    }


def _forms(guide: Guide) -> dict[str, str]:
    """The address of the form of each node that the draft has."""
    found = {}
    for name, rows in (("question", guide.questions), ("outcome", guide.outcomes)):
        # One look into the addresses of the site does for all of them.
        pattern = reverse(f"admin:wizard_{name}_change", args=[0])
        for key, pk in rows.values_list("key", "pk"):
            found[key] = pattern.replace("/0/", f"/{pk}/")
    return found


def _toggle(state: MapState, branches: Branches, way: Mapping[str, str], key: str) -> str:
    folded = tuple(one for one in state.folded if one != key)
    unfolded = tuple(one for one in state.unfolded if one != key)
    if key in branches.folded:
        return state.url(key, folded=folded, unfolded=(*unfolded, key))
    # A way that is lit would keep its branches unfolded.
    path = "" if key in way else state.path
    return state.url(key, folded=(*folded, key), unfolded=unfolded, path=path)


# --- the form above the map -----------------------------------------------------------------------


class MapForm(forms.Form):
    """What to search for, the colours and the version; the rest of the address goes along."""

    q = forms.CharField(required=False, widget=forms.TextInput(attrs={"type": "search"}))
    colour = forms.ChoiceField()
    version = forms.ChoiceField(required=False)

    def __init__(self, state: MapState, guide: Guide, *, may_see_cases: bool) -> None:
        super().__init__(initial={"q": state.q, "colour": state.colour, "version": state.version})
        allowed = _colours(may_see_cases=may_see_cases)
        numbers = Publication.objects.filter(guide=guide).values_list("number", flat=True)
        versions = [(number, authoring.publication(number)) for number in numbers]
        self.fields["q"].label = _("Find a node")
        self.fields["colour"].label = _("Colour by")
        choice_of(self, "colour").choices = [(name, colours.NAMES[name]) for name in allowed]
        self.fields["version"].label = _("Version")
        choice_of(self, "version").choices = [("", authoring.THE_DRAFT), *versions]
        self.hidden = [
            (name, one)
            for name, value in state.pairs.items()
            if name not in self.fields
            for one in ([value] if isinstance(value, str) else value)
        ]
