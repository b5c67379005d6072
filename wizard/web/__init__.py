"""Addresses, languages and limits: what all pages share, whatever they show."""
