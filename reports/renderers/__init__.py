"""Render comparisons, timelines and reports for people and programs: one module for each format, and the table `formats`."""
