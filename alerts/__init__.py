"""The alerts: from signals to a notification, without queue, database, environment or clock."""
