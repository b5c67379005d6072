"""The admin's lists of cases, flags, queues and deliveries."""
