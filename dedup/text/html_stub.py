"""Stand-in until dedup.text.html_tokens is there."""

from html import unescape as decode_references

__all__ = ["decode_references"]
