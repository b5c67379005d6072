"""A walk as its reader sees it: pages, kept pages, what the box understood."""
