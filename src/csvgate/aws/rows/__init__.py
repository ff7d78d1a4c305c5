"""Rows in DynamoDB, each once: the sink, and what it keeps in its table."""
