"""What the checks find, shown where authors work."""
