"""What a pasted text says. No Django, no I/O: text in, a reading out.

The text goes through two stages. Where it holds the fields of a response or of reports (JSON, a
form, a Python dict, cut off or not), these decide and nothing else in it counts. Otherwise single
words decide: codes that the catalogue knows, names of network errors, HTTP statuses.

Every text is hostile here: nothing raises, each pattern is linear, and only values of a documented
form come out. Numbers leave this room masked; message IDs only as `Reading.message_id`.
"""
