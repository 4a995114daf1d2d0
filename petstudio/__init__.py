"""PetStudio: train image classifiers by pointing and clicking, on your own machine."""

__version__ = "0.1.0"
