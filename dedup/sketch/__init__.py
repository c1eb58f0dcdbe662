"""Sketches: the hashed words of each text, its shingles, its MinHash signature and its winnowed fingerprints."""
