"""Writers: results as objects, tables and files that are written whole or not at all."""
