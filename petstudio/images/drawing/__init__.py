"""Draws the pictures of the built-in sample set: animals, places, light and camera."""
