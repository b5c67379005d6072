"""AWS End User Messaging SMS and SNS: events, refused calls."""
