"""A sentence as what is compared: stems of English words, and pairs of Chinese characters.

Any text may come here. What it takes is linear in what is read of it.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final

from snowballstemmer import stemmer

MOST_CHARACTERS: Final = 500
"""What is read of what somebody looks for."""

MOST_TERMS: Final = 60
"""Terms of it that are looked up."""

_HAN: Final = r"\u3400-\u9fff"
_PART: Final = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+|[.,;:!?()\[\]、，。；：！？（）/|\n]")
_CHINESE: Final = re.compile(rf"[{_HAN}]")
# What joins letters within one word: "don't" is one, and "isn’t".
_APOSTROPHE: Final = re.compile(r"(?<=[a-z])['’](?=[a-z])")
# The same in Chinese, where they part what stands beside them; and what every text here is about.
_PARTICLES: Final = re.compile(
    "短信|消息|请问|为什么|怎么办|怎么|怎样|如何|什么|但是|可是|可以|一下|[的了吗呢啊吧是在我你您他她它们这那就都也很]"
)
_LONGEST_WORD: Final = 40
# They stand in every sentence, or say that something is not so: every search says that.
_STOP: Final = frozenset(
    "a an the and or but if so as than then that this these those there here it its i im ive me my "
    "mine you your yours we our ours us he him his she her they them their theirs am is are was "
    "were be been being do does did done dont doesnt didnt has have had hasnt havent having isnt "
    "arent wasnt werent can cant cannot could couldnt should shouldnt would wouldnt will wont may "
    "might must to of in on at by with from into for about not no nor what why how when where who "
    "which whose any some all more most very just also ever never always still please hello hi hey "
    "get gets got getting say says said whether because while".split()
)


def is_chinese(text: str) -> bool:
    """Whether somebody wrote this in Chinese: with a single character of it already."""
    return _CHINESE.search(text) is not None


def terms(text: str) -> list[str]:
    """The terms of a text, in its order; the same one may come again."""
    return [term for run in _runs(text) for term in run]


def joined(text: str) -> list[str]:
    """The words that stand next to each other in it, two by two, each two written as one word.

    So "white list" meets "whitelist". Chinese has none: its terms are pairs already.
    """
    return [
        first + second
        for run in _runs(text)
        for first, second in pairwise(run)
        if not _CHINESE.match(first) and not _CHINESE.match(second)
    ]


def spelt(text: str) -> list[str]:
    """The words of a text as they are written, without those that stand in every sentence."""
    parts = _PART.findall(_plain(text))
    return [part for part in parts if part.isalpha() and part not in _STOP and part.isascii()]


def term_of(word: str) -> str:
    """The term that a word as `spelt` has it is compared by."""
    return _stem(word[:_LONGEST_WORD])


def _runs(text: str) -> Iterator[list[str]]:
    """The terms between two signs that part a text."""
    run: list[str] = []
    for piece in _pieces(text):
        run += piece
        if not piece:
            yield run
            run = []
    yield run


def _pieces(text: str) -> Iterator[list[str]]:
    """The terms of each word and of each run of characters; none for a sign that parts them."""
    for part in _PART.findall(_plain(text)):
        if _CHINESE.match(part):
            yield from (_pairs(run) for run in _PARTICLES.split(part) if run)
        elif not part[0].isalnum():
            yield []
        elif part not in _STOP:
            yield [_stem(part[:_LONGEST_WORD])]


def _plain(text: str) -> str:
    return _APOSTROPHE.sub("", unicodedata.normalize("NFKC", text).lower())


def _pairs(run: str) -> list[str]:
    """Chinese has no spaces: two characters that stand together come closest to a word."""
    return [first + second for first, second in pairwise(run)] or [run]


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    # A stemmer keeps the word it works on: each thread needs one of its own.
    return stemmer("english").stemWord(word) if word.isascii() else word
