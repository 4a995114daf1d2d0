"""What stored predictions say about a model: numbers only, with numpy only, one topic a module."""
