"""Clusters: verified duplicates of a canonical member, with constraints of time and source; and bulletins that repeat each other."""
