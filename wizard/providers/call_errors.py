"""Errors of the send call that have no code: time-outs, TLS, HTTP, and the kinds of each.

A kind is told where the text names it and no other: what it does not say stays open.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from wizard.engine.evidence import Finding
from wizard.providers.base import evidence_of, small
from wizard.providers.signs import mentions


def _any_of(*patterns: str) -> re.Pattern[str]:
    """For texts in small letters: many times as quick as a pattern for both."""
    return re.compile("|".join(patterns).lower())


_TLS_KINDS: Final[Mapping[str, re.Pattern[str]]] = {
    "expired": _any_of(
        r"certificate has expired|CERT_HAS_EXPIRED|certificate (?:is |was )?expired",
        r"CertificateExpiredException|ERR_CERT_DATE_INVALID|NotAfter:|证书(?:已经?)?过期",
        r"CertificateNotYetValid|validity check failed",
    ),
    "name": _any_of(
        r"hostname mismatch|Hostname[^\n]{0,80} doesn't match|doesn't match (?:either of )?['\"]",
        r"ERR_TLS_CERT_ALTNAME_INVALID|does not match certificate|altnames|ERR_CERT_COMMON_NAME",
        r"no alternative certificate subject name|No subject alternative (?:DNS )?name",
        r"certificate is (?:not )?valid for|no name matching|certificate subject name",
        r"Hostname [^\n]{0,80} not verified|SSLPeerUnverified",
        r"IP address mismatch|RemoteCertificateNameMismatch|主机名不匹配|域名不匹配",
    ),
    "protocol": _any_of(
        r"protocol[_ ]version|WRONG_VERSION_NUMBER|unsupported[_ ]protocol|handshake[_ ]failure",
        r"no protocols? (?:available|in common)|No appropriate protocol|UNSUPPORTED_PROTOCOL",
        r"wrong ssl version|wrong version number|no shared cipher|no cipher suites? in common",
        r"sslv3 alert|tlsv1 alert|Unsupported or unrecognized SSL message|insufficient security",
        r"ERR_SSL_VERSION_OR_CIPHER|unrecognized SSL|版本不支持|协议版本",
    ),
    "trust": _any_of(
        r"unable to get (?:local )?issuer certificate|self[-_ ]signed[-_ ]cert",
        r"PKIX path|signed by unknown authority|UNABLE_TO_(?:GET|VERIFY)|SEC_E_UNTRUSTED_ROOT",
        r"unable to verify the first certificate|SELF_SIGNED|certificate is not trusted",
        r"ERR_CERT_AUTHORITY_INVALID|UntrustedRoot|PartialChain|RemoteCertificateChainErrors",
        r"not trusted|不受信任|根证书",
        r"curl: \((?:60|77)\)|cURL error (?:60|77)(?![0-9])|error setting certificate",
    ),
}
"""In this order: the text around an expired or misnamed certificate also speaks of trust."""

_TLS: Final = _any_of(
    r"SSLError|SSL\w{0,40}(?:Exception|VerificationError)|SSL_ERROR|ERR_SSL|SSL routines",
    r"javax\.net\.ssl|CERTIFICATE_VERIFY_FAILED|certificate verif",
    r"CERT_HAS_EXPIRED|ERR_CERT_|ERR_TLS_",
    r"the first certificate|certificate is (?:invalid|not trusted)",
    r"x509:|tlsv1\w{0,20} alert",
    r"curl: \((?:35|51|58|60|77)\)|cURL error (?:35|51|58|60|77)(?![0-9])",
    r"SSL (?:certificate|connection|handshake)|TLS (?:handshake|alert)(?! timeout)",
    r"证书(?:验证|校验|已|过期|错误|不)|(?:SSL|TLS)\s?(?:握手|证书|错误)",
    r"AuthenticationException: The remote certificate",
)

_CONNECTION_KINDS: Final[Mapping[str, re.Pattern[str]]] = {
    "name": _any_of(
        r"ENOTFOUND|EAI_AGAIN|Resolving timed out",
        r"Name or service not known|getaddrinfo|nodename nor servname",
        r"Could(?: not|n't) resolve|Unable to resolve|name resolution|no such host",
        r"UnknownHostException|gaierror|Name does not resolve|No such host is known",
        r"NameResolutionError|ERR_NAME_NOT_RESOLVED|No address associated with hostname",
        r"curl: \((?:5|6)\)|cURL error (?:5|6)(?![0-9])|(?:域名|主机名?)解析|无法解析",
    ),
    "refused": _any_of(
        r"ECONNREFUSED|Connection(?: was)? refused|actively refused|拒绝了?连接|连接被?拒绝",
        r"ERR_CONNECTION_REFUSED|Connection refused",
    ),
    "unreachable": _any_of(
        r"E(?:HOST|NET)UNREACH|No route to host|Network is unreachable|NoRouteToHost",
        r"Host is unreachable|网络不可达|没有到主机的路由",
    ),
    "connect-timeout": _any_of(
        r"ConnectTimeout|connect(?:ion)? time(?:d[ -]?|[ -]?)out(?! ?[=:])|ETIMEDOUT",
        r"dial tcp[^\n]{0,120}i/o timeout|connection attempt failed|连接超时",
    ),
    "connect": _any_of(r"Failed to connect to|curl: \(7\)|cURL error 7(?![0-9])|Unable to connect"),
    "read-timeout": _any_of(
        r"Read ?Timeout|Read timed out|Readtimeout|read time-?out|Response ?Timeout",
        r"ReadTimeoutError|Client\.Timeout exceeded while awaiting headers|ESOCKETTIMEDOUT",
        r"Operation timed out after [0-9]{1,9} milliseconds with",
        r"(?:读取|响应|等待响应)超时",
    ),
    "reset": _any_of(
        r"ECONN(?:RESET|ABORTED)|Connection(?: was)? (?:reset|aborted)|socket hang up",
        r"RemoteDisconnected|Connection reset by peer|forcibly closed|EPIPE|Broken pipe",
        r"curl: \((?:52|55|56)\)|cURL error (?:52|55|56)(?![0-9])|Empty reply from server",
        r"Premature EOF|unexpected end of (?:file|stream)|连接(?:被)?重置|NoHttpResponseException",
    ),
}

_NO_DOOR: Final = ("refused", "unreachable", "connect-timeout", "connect")
"""Kinds of the same trouble; the first that is named says it best."""

_NO_ANSWER: Final = _any_of(
    # The names that programs give it: a person's "the code timed out" is not about the call.
    r"(?:Read|Connect|Connection|Socket|Write|Pool)Timeout|Timeout(?:Error|Exception|Expired)",
    r"E(?:SOCKET)?TIMEDOUT|TIMED_OUT|socket\.timeout|deadline exceeded",
    r"(?:operation|connection|connect|read|write|request|socket|handshake)(?: has| was)?"
    r" time(?:d[ -]?out|-?out)(?! ?[=:])",
    r"i/o timeout|timeout of [0-9]{1,9} ?ms exceeded|Client\.Timeout",
    r"curl: \((?:5|6|7|28|52|55|56)\)|cURL error (?:5|6|7|28|52|55|56)(?![0-9])",
    # No connection ends the same way for the person: nothing came back.
    r"ConnectException|ConnectionError|(?:请求|操作)超时",
)

_OF_TLS: Final = (
    *("ssl", "tls", "cert", "x509", "pkix", "handshake", "protocol", "cipher", "altname"),
    *("signed", "curl", "证书", "握手", "协议", "版本", "域名", "信任"),
)
_OF_CONNECTIONS: Final = (
    *("connect", "timed", "timeout", "time-out", "resol", "refused", "unreach", "host", "econn"),
    *("enot", "eai_", "gaierror", "addrinfo", "nodename", "name or service", "servname", "pipe"),
    *(
        "hang up",
        "eof",
        "nohttpresponse",
        "unexpected end",
        "curl",
        "network is",
        "reset",
        "forcibly",
        "empty",
    ),
    *("no address", "err_name", "超时", "连接", "解析", "不可达", "主机"),
)
"""Without one of these words in the text, none of the patterns can find anything."""

_CALLS_OWN: Final = frozenset({"timeout", "time out", "timed out", "time-out", "超时"})
"""What is the call's when it is all that was typed."""

_HTTP: Final = (
    _any_of(
        r"\bHTTP(?:/[0-9.]{1,3})?[\"']?(?:[ _-]?(?:error|status|response))?(?:[ _-]?code)?"
        r"[\"']?[ :=(]{1,3}([1-5][0-9]{2})(?![\w.])",
    ),
    _any_of(
        r"\b(?:status|response)[ _-]?code[\"']?(?: is| was| of)?[ :=(]{1,3}"
        r"([1-5][0-9]{2})(?![\w.])",
    ),
    _any_of(
        r"(?<![\w.])([45][0-9]{2}) (?:Client Error|Server Error|Bad Request|Unauthorized|Forbidden"
        r"|Not Found|Method Not Allowed|Request Time-?out|Request Entity|Payload Too"
        r"|Unsupported Media|Too Many Requests|Internal Server|Bad Gateway"
        r"|Service (?:Temporarily )?Unavailable|Gateway Time-?out)",
    ),
    _any_of(r"returned (?:an )?error: ?\(?([45][0-9]{2})(?![\w.])"),
    _any_of(r"\bResponse \[([1-5][0-9]{2})\]"),
    _any_of(r"\"status\"\s{0,9}:\s{0,9}([45][0-9]{2})\s{0,9}[,}]"),
)

_HTTP_TIMEOUTS: Final = frozenset({408, 504})


def http_status(text: str) -> int | None:
    """The first HTTP error in the text, else the last HTTP status: 100 and 200 may precede it."""
    found = sorted(
        (match.start(), int(match[1]))
        for pattern in _HTTP
        for match in pattern.finditer(small(text))
    )
    statuses = [status for _, status in found]
    if not statuses:
        return None
    return next((status for status in statuses if status >= 400), statuses[-1])


def call_evidence(text: str, *, coded: bool) -> dict[str, Finding]:
    """How the call ended and, where the text names it, in which way; nothing beside a code."""
    status = http_status(text)
    error, kinds = (None, {}) if coded else _error(text, status)
    return evidence_of({"api.http_status": status, "api.error": error, **kinds})


def _error(text: str, status: int | None) -> tuple[str | None, dict[str, str]]:
    if status in _HTTP_TIMEOUTS:  # "504 Gateway Time-out" is an answer
        return "http", {}
    words = small(text)
    secure = mentions(words, _OF_TLS)
    tls = _named(_TLS_KINDS, words) if secure else []
    connection = _named(_CONNECTION_KINDS, words) if mentions(words, _OF_CONNECTIONS) else []
    if (secure and _TLS.search(words)) or (tls and not connection):
        return "tls", {"api.tls": tls[0] if tls else ""}
    if connection or _NO_ANSWER.search(words) or words.strip(" .!?。") in _CALLS_OWN:
        return "timeout", {"api.connection": _kind(connection)}
    return ("http", {}) if status is not None and status >= 400 else (None, {})


def _named(kinds: Mapping[str, re.Pattern[str]], words: str) -> list[str]:
    return [kind for kind, pattern in kinds.items() if pattern.search(words)]


def _kind(named: Sequence[str]) -> str:
    """The kind, if a text names one; two that are not the same trouble leave it open."""
    if len(named) == 1 or (named and set(named) <= set(_NO_DOOR)):
        return next((kind for kind in _NO_DOOR if kind in named), named[0])
    return ""
