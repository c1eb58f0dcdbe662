"""Writers: results as objects for JSON and as tables, and files that are written completely or not at all."""
