"""What agents do with a case, and what their screens show."""
