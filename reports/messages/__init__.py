"""Our own words, on pages and in digests, in each language."""
