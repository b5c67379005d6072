"""What may be done with a stored walk, and what its page shows."""
