"""What may be done with a stored walk, and what its page shows.

Each verb is one transaction (`changing.py`), safe for two at once.
"""
