"""The catalogue of codes in the admin, by form and as tables."""
