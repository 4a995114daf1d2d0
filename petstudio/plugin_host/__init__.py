"""Finding, loading, isolating and describing plugins."""
