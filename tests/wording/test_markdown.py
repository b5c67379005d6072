"""Authors' Markdown: what is meant comes through, and nothing that runs, loads or restyles."""

import re

import pytest
from bs4 import BeautifulSoup
from bs4.element import PreformattedString
from hypothesis import given, settings
from hypothesis import strategies as st

from wizard.wording.markdown import render

ALLOWED = {
    "p": set(), "br": set(), "em": set(), "strong": set(), "code": set(), "pre": set(),
    "ul": set(), "ol": {"start"}, "li": set(), "a": {"href", "rel"}, "blockquote": set(),
    "table": set(), "thead": set(), "tbody": set(), "tr": set(), "th": set(), "td": set(),
}  # fmt: skip
LINK = re.compile(r"https://|mailto:|[^:]*$")


def assert_safe(html):
    page = BeautifulSoup(html, "html.parser")
    # Comments, declarations and the like.
    assert page.find_all(string=lambda text: isinstance(text, PreformattedString)) == []
    for tag in page.find_all(True):
        assert tag.name in ALLOWED
        assert tag.attrs.keys() <= ALLOWED[tag.name]
        if tag.name == "a":
            href = tag.get("href")
            assert href is None or LINK.match(re.sub(r"[\x00-\x20]", "", href).lower())
            assert tag["rel"] == ["noopener", "noreferrer"]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("one *two* **three**", "<p>one <em>two</em> <strong>three</strong></p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("3. three", '<ol start="3">\n<li>three</li>\n</ol>'),
        ("`a < b`", "<p><code>a &lt; b</code></p>"),
        ("```\na\n```", "<pre><code>a\n</code></pre>"),
        (
            "[a](https://example.com/?b=1&c=2)",
            '<p><a href="https://example.com/?b=1&amp;c=2" rel="noopener noreferrer">a</a></p>',
        ),
        ("[a](/codes/)", '<p><a href="/codes/" rel="noopener noreferrer">a</a></p>'),
        ("5 < 6 & 7", "<p>5 &lt; 6 &amp; 7</p>"),
        ("", ""),
    ],
)
def test_what_an_author_means_comes_through(text, html):
    assert render(text).strip() == html


HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//e.example></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>a</a>",
    '<p style="position:fixed" onclick="alert(1)">a</p>',
    "<!-- comment --><iframe src=x></iframe>",
    "<style>*{display:none}</style><link rel=stylesheet href=x>",
    "<form action=x><input><button>a</button></form>",
    "<!DOCTYPE html><?php ?><![CDATA[a]]>",
    "![a](https://example.com/a.png)",
    "![a](javascript:alert(1))",
    "# heading\n\n## heading",
    "---",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](java\tscript:alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a](javascript&colon;alert(1))",
    "[a](<javascript:alert(1)>)",
    "[a](\x01javascript:alert(1))",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "[a](vbscript:msgbox)",
    "[a](file:///etc/passwd)",
    "[a](http://example.com)",
    "[a](ftp://example.com)",
    "<javascript:alert(1)>",
    '[a](https://example.com "x\\" onmouseover=\\"alert(1)")',
    '[a](https://e.example/"onmouseover="alert(1))',
    "[a]: javascript:alert(1)\n\n[a]",
    "[a](/x){onclick=alert(1) style=color:red}",
    "```html onload=alert(1)\n<script>\n```",
    "|a|b|\n|:-:|--:|\n|<script>|[x](javascript:y)|",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\\<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "\x00<script\x00>alert(1)</script>",
    "[" * 500 + "a" + "]" * 500 + "(javascript:x)",
    "> " * 200 + "a",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_runs_loads_or_restyles_comes_through(text):
    assert_safe(render(text))


def test_html_of_an_author_is_shown_as_the_text_that_it_is():
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in render("<script>alert(1)</script>")


def test_a_heading_and_a_picture_leave_their_words():
    assert render("# Title").strip() == "Title"
    assert render("before ![the words](https://example.com/a.png) after").count("<") == 2


pieces = st.sampled_from(
    ["<", ">", "script", "</", "img ", "on", "error=", "javascript:", "data:", "href=", "](", "[",
     "]", ")", "(", "!", "`", "```", "\n", "\n\n", "- ", "1. ", "> ", "# ", "*", "**", "_", "|",
     "|-|-|\n", "&#", "&lt;", ";", "\\", '"', "'", " ", "\t", "https://e.example", "/x", "<!--",
     "-->", "<a ", "<p style=x", "<b>", "x", "é", "\x00", "\u2028", ": ", "=", "~~~", "<https://x>"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.lists(pieces, max_size=25).map("".join), st.text(max_size=60)))
def test_whatever_is_typed_no_tag_comes_out_that_is_not_allowed(text):
    assert_safe(render(text))
