"""KooMessage: of the same cloud as MSGSMS, with other IDs, names and a console of its own."""
