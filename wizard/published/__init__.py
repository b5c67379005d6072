"""What visitors read: the live guides in memory, their catalogue and their search."""
