"""Follow facts and sentences over many versions of a text."""
