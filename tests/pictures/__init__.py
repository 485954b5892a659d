"""Pictures of the screens: those of the README, made from the demo, and those that tests compare."""
