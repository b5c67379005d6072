"""The read-only part of the management API v2 (`docs/facts/protocols.md`, "Management API")."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final

from wizard.simulator.accounts import Fault, Row, SimulatedAccount
from wizard.simulator.exchange import HttpAnswer, IncomingRequest, json_answer, management_error
from wizard.simulator.faults import spoiled
from wizard.simulator.gateway import account_of, not_found

PREFIX: Final = "/v2/"
_ADDRESS: Final = re.compile(
    r"/v2/(?P<project>[^/]+)/msgsms/(?P<kind>apps|signatures|templates)"
    r"(?:/(?P<id>[^/]+)(?P<variables>/varilable)?)?"  # sic
)
_DEFAULT_LIMIT: Final = 10

_PART: Final = frozenset("app_name signature_name sign_name template_name".split())
"""Filters that a part of the name passes. The vendor's pages do not say how names compare."""

_FILTERS: Final[Mapping[str, frozenset[str]]] = {
    "apps": frozenset("app_name status region".split()),
    "signatures": frozenset("app_name signature_id signature_name signature_type status".split()),
    "templates": frozenset(
        "app_key app_name flow_status has_variable region sign_name template_id template_name"
        " template_type".split()
    ),
}
_MISSING: Final[Mapping[str, str]] = {
    "apps": "MSGSMS.0076",
    "signatures": "MSGSMS.0005",
    "templates": "MSGSMS.0009",
}


def handle(request: IncomingRequest, now: datetime) -> HttpAnswer:
    """Answer a request below `/v2/{project_id}/msgsms/`.

    Raises:
        TurnedAway: where the signature does not hold.
    """
    account = account_of(request, now)
    return spoiled(_answer(request, account), account.fault)


def _answer(request: IncomingRequest, account: SimulatedAccount) -> HttpAnswer:
    match = _ADDRESS.fullmatch(request.path)
    if match is None or request.method != "GET":
        return not_found()
    if not _is_own_project(request, account, match["project"]):
        return management_error(403, "MSGSMS.0003", "The project is not authorised.")
    kind, key = match["kind"], match["id"]
    if key is None:
        return _listed(request, account, kind)
    if match["variables"]:
        return _variables(account, key) if kind == "templates" else not_found()
    row = next((row for row in _rows(request, account, kind) if row["id"] == key), None)
    return _missing(kind) if row is None else json_answer(200, row)


def _is_own_project(request: IncomingRequest, account: SimulatedAccount, project: str) -> bool:
    """X-Project-Id must be signed and name the same project as the address."""
    signed = re.search(r"SignedHeaders=([^,]*)", request.headers["authorization"])
    names = signed[1].split(";") if signed else []
    given = request.headers.get("x-project-id")
    return "x-project-id" in names and given == project == account.project_id


def _rows(request: IncomingRequest, account: SimulatedAccount, kind: str) -> list[Row]:
    """The account's rows of a kind, as the API shows them."""
    rows: Mapping[str, Callable[[], Iterable[Row]]] = {
        "apps": lambda: [_with_address(request, account.application)],
        "signatures": lambda: account.signatures,
        "templates": lambda: (one.row for one in account.templates),
    }
    return list(rows[kind]())


def _with_address(request: IncomingRequest, application: Row) -> Row:
    """An application's access address is this very process."""
    return {**application, "app_access_addr": f"http://{request.headers['host']}"}


def _listed(request: IncomingRequest, account: SimulatedAccount, kind: str) -> HttpAnswer:
    limit, offset = (
        _number(request.filters.get("limit"), _DEFAULT_LIMIT),
        _number(request.filters.get("offset"), 0),
    )
    if limit is None or offset is None or limit < 1:
        # The vendor's code for it is not known; SIM marks what is ours.
        return management_error(400, "SIM.0400", "limit or offset has the wrong format.")
    rows = _sorted(request, _filtered(request, account, kind))
    return json_answer(200, {"results": rows[offset : offset + limit], "total": len(rows)})


def _number(text: str | None, default: int) -> int | None:
    """A count from the query; None where it is none."""
    if text is None:
        return default
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else None


def _filtered(request: IncomingRequest, account: SimulatedAccount, kind: str) -> list[Row]:
    rows = _rows(request, account, kind)
    if account.fault is Fault.LYING:
        return rows
    names = {row["id"]: row["signature_name"] for row in account.signatures}
    wanted = {name: value for name, value in request.filters.items() if name in _FILTERS[kind]}
    since = request.filters.get("start_time", "")
    until = request.filters.get("end_time", "9999")
    return [
        row
        for row in rows
        if since <= row["create_time"] <= until
        and all(
            _passes(name, value, {"sign_name": names.get(row.get("sign_id"), ""), **row})
            for name, value in wanted.items()
        )
    ]


def _passes(name: str, wanted: str, row: Row) -> bool:
    value = str(row.get(name, ""))
    return wanted in value if name in _PART else wanted == value


def _sorted(request: IncomingRequest, rows: Iterable[Row]) -> list[Row]:
    """By create_time, the only key there is; the newest first unless `asc` is asked for."""
    newest_first = request.filters.get("sort_dir", "desc").lower() != "asc"
    return sorted(rows, key=lambda row: str(row["create_time"]), reverse=newest_first)


def _variables(account: SimulatedAccount, key: str) -> HttpAnswer:
    template = next((one for one in account.templates if one.row["id"] == key), None)
    if template is None:
        return _missing("templates")
    rows = [
        {
            "id": number,
            "temp_name": template.row["template_name"],
            "variable_index": number,
            "variable_type": variable.kind,
            "variable_length": variable.length,
            "variable_desc": "",
        }
        for number, variable in enumerate(template.variables, 1)
    ]
    return json_answer(200, {"results": rows, "total": len(rows)})


def _missing(kind: str) -> HttpAnswer:
    return management_error(400, _MISSING[kind], f"No such row among the {kind}.")
