"""Recipes, settings and paths: data about the program, and how it is written safely."""
