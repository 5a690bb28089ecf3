"""Language, relevance and events of an article: pure functions, no database, no broker."""
