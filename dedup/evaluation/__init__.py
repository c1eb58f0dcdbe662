"""Evaluation: results against labels, settings that fit them, and why two texts match or do not."""
