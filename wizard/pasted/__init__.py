"""What a pasted text says. No Django, no I/O: text in, a reading out.

Three steps, each testable alone. The text is made plain (`plain.py`): one writing for what looks
the same, entities, escapes and encoding undone. It is cut into records (`records.py`, `tables.py`),
whatever the notation. Then the readers of `wizard/providers/` are asked whose it is, and the first
that says "mine" decides (`reader.py`).

Every text is hostile here: nothing raises, each pattern is linear, and only values of a documented
form come out. Numbers leave this room masked; message IDs only as `Reading.message_id`. What the
text does not say stays unknown: evidence never answers "I don't know".
"""
