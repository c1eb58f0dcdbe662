"""Clusters: verified duplicates around a canonical member, within constraints of time and source; and bulletins that repeat each other."""
