"""Studies: what a screen asks of the history, computed off the loop; the same for the screen and for `show`."""
