"""Words of the vendor that stand for a code: some logs and wrappers keep no more of it.

The phrases are keys, in small letters, without punctuation. Those of `_COMMON` are said by many
platforms and count only where the text names Huawei.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from wizard.providers.base import Known
from wizard.providers.base import small as small_letters
from wizard.providers.call_errors import http_status
from wizard.providers.huawei.hosts import is_huawei

_PHRASES: Final[Mapping[str, tuple[str, ...]]] = {
    "E000001": (
        "authorization not contained in the http header",
        "http消息头未找到authorization",
        "http头未找到authorization",
    ),
    "E000002": ("realm not contained in authorization", "未找到realm属性"),
    "E000003": ("profile not contained in authorization", "未找到profile属性"),
    "E000004": ("value of realm in authorization", "realm属性值应该为"),
    "E000005": ("value of profile in authorization", "profile属性值应该为"),
    "E000006": ("value of type in authorization", "type属性值应该为"),
    "E000007": ("type not contained in authorization", "未找到type属性"),
    "E000008": ("wsse not contained in authorization", "没有携带wsse"),
    "E000020": (
        "x wsse not contained in the http header",
        "http头未找到x wsse",
        "http消息头未找到x wsse",
    ),
    "E000021": ("username not contained in x wsse", "未找到username属性"),
    "E000022": ("nonce not contained in x wsse", "未找到nonce属性"),
    "E000023": ("created not contained in x wsse", "未找到created属性"),
    "E000024": ("passworddigest not contained in x wsse", "未找到passworddigest属性"),
    "E000025": ("created format error", "format of created", "created格式错误"),
    "E000026": ("usernametoken not contained in x wsse", "未找到usernametoken"),
    "E000040": ("contenttype值应该为", "content type must be", "value of contenttype"),
    "E000041": ("x sdk date为空", "x sdk date is empty"),
    "E000042": ("x sdk date格式错误", "format of x sdk date"),
    "E000044": ("x sdk date已过期", "x sdk date has expired", "x sdk date expired"),
    "E000045": ("authorization校验失败", "authorization verification failed"),
    "E000102": (
        "invalid app_key",
        "invalid appkey",
        "app_key is invalid",
        "app_key无效",
        "appkey无效",
    ),
    "E000103": ("unavailable app_key", "app_key is unavailable", "app_key不可用", "appkey不可用"),
    "E000104": ("invalid app_secret", "app_secret is invalid", "app_secret无效", "appsecret无效"),
    "E000105": ("invalid passworddigest", "passworddigest is invalid", "passworddigest无效"),
    "E000106": (
        "app_key is not allowed",
        "app_key not allowed",
        "app_key没有调用本api的权限",
        "appkey没有调用本api的权限",
    ),
    "E000109": ("the user is not activated", "user status is inactive", "用户状态未激活"),
    "E000112": (
        "the user is frozen",
        "the user has been frozen",
        "用户状态已冻结",
        "用户状态为已冻结",
    ),
    "E000510": (
        "the sms fails to be sent for details see status",
        "sms fails to be sent",
        "sms fail",
        "短信发送失败具体原因",
    ),
    "E000620": (
        "the app client ip is not in ip white list",
        "ip is not in ip white list",
        "app ip不在白名单",
        "ip不在白名单列表中",
        "ip地址不在白名单列表中",
    ),
    "E000623": (
        "sms quantity has reached the upper limit",
        "number of sms messages has reached the limit",
        "短信发送量达到限额",
        "sp短信发送量达到限额",
    ),
    "E200015": ("待发送短信数量太大", "too many sms messages to be sent"),
    "E200028": (
        "模板变量校验失败",
        "template variable verification failed",
        "template variable check failed",
        "failed to verify the template variable",
        "verify template variables failed",
    ),
    "E200029": (
        "模板类型校验失败",
        "template type verification failed",
        "template type check failed",
    ),
    "E200030": (
        "模板未激活",
        "the template is not activated",
        "template not activated",
        "template is inactive",
    ),
    "E200031": ("协议校验失败", "protocol verification failed", "protocol check failed"),
    "E200033": ("模板类型不正确", "incorrect template type", "template type is incorrect"),
    "E200041": (
        "同一短信内容接收号码重复",
        "接收号码重复",
        "recipient number is duplicate",
        "duplicate recipient number",
    ),
}

_COMMON: Final[Mapping[str, tuple[str, ...]]] = {
    "E000000": ("system error", "系统异常"),
    "E000027": ("invalid request", "非法请求"),
    "E000101": ("authentication failed", "鉴权失败"),
    "E000110": ("时间超出限制", "time out of range", "time is out of the limit"),
    "E000111": ("incorrect user name or password", "用户名或密码错误"),
    "E000503": ("parameter format is incorrect", "parameter format error", "参数格式错误"),
}

_GAP: Final = re.compile(r"[\s\W-]+")

_STRIPPED: Final = re.compile(
    r"[\[(]([0-9]{1,6})[\])]|(?<![A-Za-z0-9_])E([0-9]{2,5})(?![0-9A-Za-z_])"
    r"|(?:code|错误码|返回码|状态码|error|err)[\"']?\s{0,3}[:=# ]\s{0,3}[\"']?([0-9]{1,6})"
    r"(?![0-9A-Za-z_.:-])",
    re.IGNORECASE,
)
"""The digits of a code whose E and zeros a wrapper has taken off, beside the platform's name."""

_MAX_TRIES: Final = 20


def code_of_description(text: str) -> str:
    """The code whose words stand in a text, or ""; of several the most telling one."""
    small = f" {_GAP.sub(' ', small_letters(text))} "
    found = _first(_PHRASES, small)
    if found in {"", "E000510"} and is_huawei(text):
        return _first(_COMMON, small) or found
    return found


def _first(phrases: Mapping[str, tuple[str, ...]], small: str) -> str:
    found = [code for code, keys in phrases.items() if any(key in small for key in keys)]
    found.sort(key=lambda code: code == "E000510")  # it only says that a number was refused
    return found[0] if found else ""


def hidden_codes(text: str, known: Known) -> Iterator[str]:
    """Codes of the call of which only the digits are left: "(510)" beside the platform's name."""
    if not is_huawei(text):
        return
    of_http = http_status(text)  # "(503)" may be just that
    for match in list(_STRIPPED.finditer(text))[:_MAX_TRIES]:
        digits = match[1] or match[2] or match[3]
        code = f"E{digits:0>6}"
        if int(digits) not in {0, of_http} and known("api", code):
            yield code
