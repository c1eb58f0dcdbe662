"""Kinds of changes: what an edit changes, a number, a time, a name, a source, a negation, or nothing but the spelling."""
