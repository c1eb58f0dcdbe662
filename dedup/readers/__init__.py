"""Readers: files, folders and pipes to documents and records, one module a format."""
