"""Where quotes and bars come from: one file per source, all behind the protocol of `base`."""
