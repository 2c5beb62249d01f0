"""Judgements that controls of several frameworks share, with the words of those controls."""
