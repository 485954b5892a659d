"""Subcommands of `outpace`: each module offers `add(subparsers)` and `run(args, ...) -> exit code`."""
