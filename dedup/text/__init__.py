"""Texts before they are hashed: folded, cut into words and segments, with their ids and timestamps."""
