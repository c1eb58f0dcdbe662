"""Summaries for people: the digest of what is new, and the words of our own in each language."""
