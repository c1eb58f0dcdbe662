"""Renderers: comparisons, timelines and reports to what people and programs read, one module a format."""
