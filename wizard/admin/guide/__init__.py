"""The pages of a guide: its rows, copies, imports, translations and preview."""
