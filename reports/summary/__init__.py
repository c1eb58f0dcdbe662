"""Summaries for people: the digest of what is new, the alarms, and our own messages in each language."""
