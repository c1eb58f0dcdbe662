"""Refine edits, so that each is one change to a reader: split those with several facts, join the parts of one."""
