"""Align two texts: find which sentences correspond, and which words were edited inside them."""
