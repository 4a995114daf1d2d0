"""The project on disk: images, labels, splits, edit history and runs."""
