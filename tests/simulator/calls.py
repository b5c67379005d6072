"""Requests to the simulated platform, right by default; each test says what it makes wrong."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import requests

from wizard.net import signing
from wizard.simulator import wsse
from wizard.simulator.accounts import ACCOUNTS, CHANNEL, CODE_TEMPLATE, PROJECT_ID

SAME_TEXT = "/sms/batchSendSms/v1"
DIFFERENT_TEXTS = "/sms/batchSendDiffSms/v1"
FORM = "application/x-www-form-urlencoded"
DELIVERED = "+8613800000001"
AUTHORIZATION = 'WSSE realm="SDP",profile="UsernameToken",type="Appkey"'


def wsse_headers(
    account: str = "normal", *, age: timedelta = timedelta(), raw: bool = False, **other: str
) -> dict[str, str]:
    """Auth A. `other` replaces parts of X-WSSE; an empty value leaves the part out."""
    owner = ACCOUNTS[account]
    nonce = uuid.uuid4().hex
    created = (datetime.now(UTC) - age).strftime("%Y-%m-%dT%H:%M:%SZ")
    digest = wsse.digests(nonce, created, owner.app_secret)[raw]
    token = {
        "Username": owner.app_key,
        "PasswordDigest": digest,
        "Nonce": nonce,
        "Created": created,
        **other,
    }
    parts = ",".join(f'{name}="{value}"' for name, value in token.items() if value)
    return {"Authorization": AUTHORIZATION, "X-WSSE": f"UsernameToken {parts}"}


def fields(**other: Any) -> dict[str, Any]:
    """The form of a send request. None leaves a field out; `sender` is `from`."""
    form = {
        "from": other.pop("sender", CHANNEL),
        "to": DELIVERED,
        "templateId": CODE_TEMPLATE,
        "templateParas": '["123456"]',
        **other,
    }
    return {name: value for name, value in form.items() if value is not None}


def send(
    url: str,
    form: dict[str, Any] | bytes | None = None,
    *,
    account: str = "normal",
    headers: dict[str, str] | None = None,
    content_type: str = FORM,
) -> requests.Response:
    """Send the same text to many, with X-WSSE unless `headers` says otherwise."""
    body = form if isinstance(form, bytes) else urlencode(form or fields()).encode()
    given = wsse_headers(account) if headers is None else headers
    return requests.post(
        url + SAME_TEXT, data=body, headers={"Content-Type": content_type, **given}, timeout=5
    )


def send_different(url: str, value: Any, *, account: str = "normal") -> requests.Response:
    """Send different texts; `value` is the JSON body."""
    headers = {"Content-Type": "application/json", **wsse_headers(account)}
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return requests.post(url + DIFFERENT_TEXTS, data=body, headers=headers, timeout=5)


def code(response: requests.Response) -> str:
    return response.json()["code"]


def statuses(response: requests.Response) -> list[str]:
    return [row["status"] for row in response.json()["result"]]


def signed_headers(
    method: str,
    url: str,
    *,
    access_key: str,
    secret_key: str,
    body: bytes = b"",
    content_type: str = "application/json",
    age: timedelta = timedelta(),
    **other: str,
) -> dict[str, str]:
    """Auth B, as our own client signs."""
    return signing.sign(
        method,
        url,
        {"Content-Type": content_type, **other},
        body,
        access_key=access_key,
        secret_key=secret_key,
        moment=datetime.now(UTC) - age,
    )


def ask(
    url: str,
    path: str,
    *,
    account: str = "normal",
    body: Any = None,
    project: str = PROJECT_ID,
    age: timedelta = timedelta(),
    timeout: float = 5,
    stream: bool = False,
) -> requests.Response:
    """Ask the management or the billing API, signed; a `body` makes it a POST."""
    owner = ACCOUNTS[account]
    method = "GET" if body is None else "POST"
    data = b"" if body is None else json.dumps(body).encode()
    headers = signed_headers(
        method,
        url + path,
        access_key=owner.access_key,
        secret_key=owner.secret_key,
        body=data,
        age=age,
        **{"X-Project-Id": project},
    )
    return requests.request(
        method,
        url + path,
        data=data,
        headers=headers,
        timeout=timeout,
        stream=stream,
        allow_redirects=False,
    )


def management(kind: str, *, project: str = PROJECT_ID) -> str:
    """The path of a list of the management API, or of what is below it."""
    return f"/v2/{project}/msgsms/{kind}"
