"""Two texts aligned: which sentences correspond, and which words were edited inside them."""
