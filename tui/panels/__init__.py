"""Market-aware parts of a screen, one file each."""
