"""The HTTP API: each endpoint is one call of the Python API with the same verb."""
