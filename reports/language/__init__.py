"""Read a text by its language: tokens, sentences, numbers, word lists, and invisible characters."""
