"""Who reads first: the sure signs, and Huawei last, for whom anything may be that nobody claims."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from wizard.providers.alibaba import reader as alibaba
from wizard.providers.aws import reader as aws
from wizard.providers.base import Known, PlainText, Said, codes_of
from wizard.providers.cmpp import reader as cmpp
from wizard.providers.huawei import fields, signs, words
from wizard.providers.huawei import reader as huawei
from wizard.providers.koomessage import reader as koomessage
from wizard.providers.smpp import reader as smpp
from wizard.providers.tencent import reader as tencent
from wizard.providers.twilio import reader as twilio
from wizard.providers.vonage import reader as vonage

ORDER: Final[Sequence[Callable[[PlainText], Said | None]]] = (
    twilio.read,
    tencent.read,
    alibaba.read,
    aws.read,
    vonage.read,
    koomessage.read,
    smpp.read,
    cmpp.read,
)
"""Everybody but Huawei. Tencent's IDs look like codes of others; of two protocols nobody knows
whose they are, so the providers that speak them come before."""

NAMES: Final = frozenset().union(
    fields.NAMES,
    twilio.NAMES,
    tencent.NAMES,
    alibaba.NAMES,
    aws.NAMES,
    vonage.NAMES,
    koomessage.NAMES,
    smpp.NAMES,
    cmpp.NAMES,
)
"""The fields that anybody looks for in a text."""


def whose(text: PlainText, known: Known) -> Said:
    """What the first reader says that takes the text for its own."""
    said = None if signs.is_sure(text) else _of_others(text)
    if said is None:
        return huawei.read(text, known)
    return said if said.codes else _beside_a_name(said, text, known)


def _of_others(text: PlainText) -> Said | None:
    return next((said for read in ORDER if (said := read(text)) is not None), None)


def _beside_a_name(said: Said, text: PlainText, known: Known) -> Said:
    """A text that names a provider and has none of its codes: those of the carriers are its own,
    while a code that only Huawei makes says that the other one was just mentioned.
    """
    codes = words.codes_in(text.plain, text.typed, known)
    if said.provider != "koomessage" and any(seen.provider == "huawei" for seen in codes):
        return huawei.read(text, known)
    own = (replace(seen, namespace="status", provider=said.provider) for seen in codes)
    return replace(said, codes=codes_of(own))
