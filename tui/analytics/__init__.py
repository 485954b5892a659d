"""What the figures mean: pure functions over closes and volumes, without I/O."""
