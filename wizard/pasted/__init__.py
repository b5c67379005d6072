"""What a pasted text says. No Django, no I/O: text in, a reading out."""
