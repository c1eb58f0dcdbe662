"""Readers: they turn files, folders and pipes into documents and records. There is one module for each format."""
