"""The engine: torch lives here only. It says what happens through `emit` and asks nothing."""
