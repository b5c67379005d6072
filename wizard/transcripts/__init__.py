"""A case as text: for the ticket, for a colleague, for the customer."""
