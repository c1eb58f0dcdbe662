"""Candidates: the pairs of texts to verify, found by bands, by distinctive fingerprints, or by an exact search."""
