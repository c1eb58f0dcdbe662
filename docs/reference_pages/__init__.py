"""What makes the pages of docs/reference."""
