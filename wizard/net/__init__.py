"""What speaks to a network and knows no vendor's meaning: deadlines and signatures of requests."""
