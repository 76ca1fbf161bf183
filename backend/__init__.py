"""Peekaboo: cover a part of a picture and see what it does to a classifier."""

__version__ = "0.1.0"
