"""Edits refined: parted where they hold several facts, joined where they are one."""
