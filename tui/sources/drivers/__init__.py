"""Sources of what drives prices: yields, macro series, fundamentals, estimates, filings. One file each, behind `base.py`."""
