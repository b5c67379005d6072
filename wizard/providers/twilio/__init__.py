"""Twilio: messages, status callbacks, refused calls."""
