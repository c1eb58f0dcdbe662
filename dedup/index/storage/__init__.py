"""Storage of an index: its tables and posting lists, in a SQLite file or on a PostgreSQL server."""
