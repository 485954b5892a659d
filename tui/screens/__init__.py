"""Compositions of panels, with almost no logic."""
