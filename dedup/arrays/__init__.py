"""Arrays: rows of different lengths in flat arrays, hashes of words, and pairs of rows that share keys."""
