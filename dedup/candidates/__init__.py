"""Candidates: which pairs of texts are worth comparing, by bands, by distinctive fingerprints, or by an exact search."""
