"""Parts of a screen that know nothing of markets; each runs alone."""
