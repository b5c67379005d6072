"""Look-ups: what a person has (message ID, pasted text) turned into findings."""
