"""outpace: a terminal market monitor. What is outpacing what, on how much volume."""

__version__ = "0.1.0"
