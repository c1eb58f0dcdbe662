"""Rows of different lengths as flat arrays: how they are hashed, and how pairs of rows are coded and counted."""
