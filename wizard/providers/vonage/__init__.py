"""Vonage, formerly Nexmo: answers of the send call, receipts, the Messages API."""
