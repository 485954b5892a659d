"""What is kept: the latest quotes in memory, the history on disk."""
