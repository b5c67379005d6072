"""The page at `/`: says loudly what this is, and lists what it can play."""

from collections.abc import Iterable
from functools import cache
from html import escape
from typing import Final

from wizard.simulator.accounts import ACCOUNTS, CHANNEL, CODE_TEMPLATE, PROJECT_ID
from wizard.simulator.exchange import HttpAnswer
from wizard.simulator.reports import REFUSED_AT_ONCE, SCENARIOS

TITLE: Final = "Simulated SMS platform. Not Huawei Cloud."

_PAGE: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>{title}</title>
<h1>{title}</h1>
<p>This process belongs to SMS Doctor. It plays an SMS platform for trying out and for tests.
Nothing is sent to any phone, and nothing here says anything about a real account.</p>
<h2>Accounts</h2>
<p>Account <i>name</i> has the access key <code>sim-<i>name</i></code> with the secret key
<code>sim-<i>name</i>-secret</code> and the app_key <code>sim-<i>name</i>-app</code> with the
app_secret <code>sim-<i>name</i>-app-secret</code>. All have the project ID
<code>{project}</code>, the channel number <code>{channel}</code> and the template
<code>{template}</code> with one variable.</p>
<table>{accounts}</table>
<h2>What becomes of a message</h2>
<p>The last four digits of the recipient's number decide; any other number is delivered.</p>
<table>{scenarios}</table>
<h2>Numbers that the send response refuses</h2>
<table>{refused}</table>
</html>
"""


@cache
def start_page() -> HttpAnswer:
    page = _PAGE.format(
        title=TITLE,
        project=PROJECT_ID,
        channel=CHANNEL,
        template=CODE_TEMPLATE,
        accounts=_rows((one.name, one.about) for one in ACCOUNTS.values()),
        scenarios=_rows((f"...{end}", one.about) for end, one in SCENARIOS.items()),
        refused=_rows((f"...{end}", code) for end, code in REFUSED_AT_ONCE.items()),
    )
    return HttpAnswer(200, page.encode(), "text/html; charset=utf-8")


def _rows(pairs: Iterable[tuple[str, str]]) -> str:
    return "\n".join(
        f'<tr><th scope="row">{escape(name)}<td>{escape(about)}' for name, about in pairs
    )
