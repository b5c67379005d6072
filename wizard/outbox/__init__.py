"""What leaves the site: kept with what caused it, sent after, tried again."""
