"""Classify edits: does one change a number, a time, a name, a source, a negation, or nothing but the spelling?"""
