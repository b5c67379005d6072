"""Status reports: checked, stored once, and read as findings."""
