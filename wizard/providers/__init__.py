"""Whose text is it, and what does it say? One reader for each provider. No Django, no I/O.

A reader gets a text that was made plain and cut into records (`PlainText`, in `base.py`) and says
what it read of it, or None: not mine. `order.py` has them: sure signs first, Huawei last.
What a code of another provider means is a neutral cause (`causes.py`), from (provider, code),
never from the code alone; Huawei's facts and advice are for Huawei's texts only.
How to add one: `docs/contributing.md`, "A new provider".
"""
