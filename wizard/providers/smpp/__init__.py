"""SMPP, the protocol: delivery receipts and command statuses of nobody knows whom."""
