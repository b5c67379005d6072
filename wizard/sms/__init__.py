"""What an SMS is, for everybody: numbers, codes, what is personal, what counts as delivered."""
