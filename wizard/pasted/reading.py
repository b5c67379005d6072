"""What was read of a text: values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wizard.engine.evidence import Finding
from wizard.providers.base import MAX_CODES as MAX_CODES
from wizard.providers.base import SOURCE as SOURCE
from wizard.providers.base import Known as Known
from wizard.providers.base import SeenCode as SeenCode
from wizard.providers.base import TextKind as TextKind
from wizard.providers.base import Whose
from wizard.providers.base import codes_of as codes_of
from wizard.providers.base import evidence_of as evidence_of


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood. `recipient` is masked; the codes start with the most telling one.

    `provider` is whose text it is; "" if it may be anybody's. A text of another provider than
    Huawei has no evidence: the facts are those of Huawei's platform.
    `template_id` and `channel_number` (the `from` of a request or answer) say what to look up.
    """

    kind: TextKind
    codes: tuple[SeenCode, ...] = ()
    recipient: str = ""
    recipients: int = 0
    message_id: str = ""
    template_id: str = ""
    channel_number: str = ""
    evidence: Mapping[str, Finding] = field(default_factory=dict)
    truncated: bool = False
    provider: Whose = ""
