"""The desk: pages on which editors compare texts, follow stories, and say what is a duplicate."""
