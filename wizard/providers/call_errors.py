"""Errors of the send call that have no code: time-outs, TLS, HTTP."""

from __future__ import annotations

import re
from typing import Final

from wizard.engine.evidence import Finding
from wizard.providers.base import evidence_of

_TLS: Final = re.compile(
    r"SSLError|SSL\w{0,40}(?:Exception|VerificationError)|SSL_ERROR|ERR_SSL|SSL routines"
    r"|javax\.net\.ssl|CERTIFICATE_VERIFY_FAILED|certificate verif|certificate has expired"
    r"|CERT_HAS_EXPIRED|ERR_CERT_|ERR_TLS_|self[-_ ]signed[-_ ]cert|UNABLE_TO_(?:GET|VERIFY)"
    r"|local issuer certificate|the first certificate|certificate is (?:invalid|not trusted)"
    r"|PKIX path|x509:|tlsv1\w{0,20} alert|handshake[_ ]failure|WRONG_VERSION_NUMBER"
    r"|curl: \((?:35|51|58|60|77)\)"
    r"|cURL error (?:35|51|58|60|77)(?![0-9])",
    re.IGNORECASE,
)

_NO_ANSWER: Final = re.compile(
    # The names that programs give it: a person's "the code timed out" is not about the call.
    r"(?:Read|Connect|Connection|Socket|Write|Pool)Timeout|Timeout(?:Error|Exception|Expired)"
    r"|E(?:SOCKET)?TIMEDOUT|TIMED_OUT|socket\.timeout|deadline exceeded"
    r"|(?:operation|connection|connect|read|write|request|socket|handshake)(?: has| was)?"
    r" time(?:d[ -]?out|-?out)(?! ?[=:])"
    r"|i/o timeout|timeout of [0-9]{1,9} ?ms exceeded"
    r"|curl: \((?:5|6|7|28|52|55|56)\)|cURL error (?:5|6|7|28|52|55|56)(?![0-9])"
    # No connection ends the same way for the person: nothing came back.
    r"|ECONN(?:REFUSED|RESET|ABORTED)|ENOTFOUND|EAI_AGAIN|E(?:HOST|NET)UNREACH"
    r"|Connection(?: was)? (?:refused|reset|aborted)|No route to host|Network is unreachable"
    r"|Name or service not known|getaddrinfo|nodename nor servname|Could not resolve host"
    r"|name resolution|no such host|UnknownHostException|NoRouteToHostException|ConnectException"
    r"|ConnectionError|RemoteDisconnected|socket hang up"
    r"|(?:连接|读取|请求|响应|操作)超时|拒绝连接",
    re.IGNORECASE,
)

_HTTP: Final = (
    re.compile(
        r"\bHTTP(?:/[0-9.]{1,3})?[\"']?(?:[ _-]?(?:error|status|response))?(?:[ _-]?code)?"
        r"[\"']?[ :=(]{1,3}([1-5][0-9]{2})(?![\w.])",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:status|response)[ _-]?code[\"']?(?: is| was| of)?[ :=(]{1,3}"
        r"([1-5][0-9]{2})(?![\w.])",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<![\w.])([45][0-9]{2}) (?:Client Error|Server Error|Bad Request|Unauthorized|Forbidden"
        r"|Not Found|Method Not Allowed|Request Time-?out|Request Entity|Payload Too"
        r"|Unsupported Media|Too Many Requests|Internal Server|Bad Gateway"
        r"|Service (?:Temporarily )?Unavailable|Gateway Time-?out)",
        re.IGNORECASE,
    ),
    re.compile(r"returned (?:an )?error: ?\(?([45][0-9]{2})(?![\w.])", re.IGNORECASE),
    re.compile(r"\bResponse \[([1-5][0-9]{2})\]"),
    re.compile(r"\"status\"\s{0,9}:\s{0,9}([45][0-9]{2})\s{0,9}[,}]"),
)

_HTTP_TIMEOUTS: Final = frozenset({408, 504})


def http_status(text: str) -> int | None:
    """The first HTTP error in the text, else the last HTTP status: 100 and 200 may precede it."""
    found = sorted(
        (match.start(), int(match[1])) for pattern in _HTTP for match in pattern.finditer(text)
    )
    statuses = [status for _, status in found]
    if not statuses:
        return None
    return next((status for status in statuses if status >= 400), statuses[-1])


def call_evidence(text: str, *, coded: bool) -> dict[str, Finding]:
    status = http_status(text)
    error = None if coded else _error(text, status)
    return evidence_of({"api.http_status": status, "api.error": error})


def _error(text: str, status: int | None) -> str | None:
    if status in _HTTP_TIMEOUTS:  # "504 Gateway Time-out" is an answer
        return "http"
    if _TLS.search(text):
        return "tls"
    if _NO_ANSWER.search(text):
        return "timeout"
    return "http" if status is not None and status >= 400 else None
