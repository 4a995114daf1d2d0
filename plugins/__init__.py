"""Plugins that come with PetStudio; each is what a third party would write. See README.md."""
