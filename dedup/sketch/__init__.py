"""Sketches: the hashed words of a text, its shingles, MinHash signature and winnowed fingerprints."""
