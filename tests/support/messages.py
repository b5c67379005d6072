"""What people paste: answers of the send call and reports, as the platform writes them."""

import json
from datetime import datetime

MESSAGE = "4b4b34e7-1a9e-42ac-b309-d10997148905_85496076"


def accepted(at: datetime, message_id: str = MESSAGE, **more: str) -> str:
    """The answer of a send call that was accepted at that moment."""
    entry = {
        "originTo": "+8613812345678",
        "createTime": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "from": "csms10000001",
        "smsMsgId": message_id,
        "status": "000000",
    }
    return json.dumps({"code": "000000", "description": "Success", "result": [entry], **more})
