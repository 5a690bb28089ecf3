"""Everything that outlives a process, in SQLite or PostgreSQL by the same statements."""
