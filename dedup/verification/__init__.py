"""Verification: candidates measured exactly, and the relation that follows."""
