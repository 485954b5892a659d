"""The documents of `show` and of the exports: what a view shows, as plain data with definitions and units."""
