"""Forms that lose nothing: conflicts of two authors, their merging, fields and their bases."""
