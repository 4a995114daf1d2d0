"""The command line: every long job without a window."""
