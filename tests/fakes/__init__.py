"""Stand-ins at the seam: a source that does what a test tells it, on a clock that a test moves."""
