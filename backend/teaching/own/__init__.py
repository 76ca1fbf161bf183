"""Peekaboo's own eyes: a small network that has seen drawn things in many shapes and textures.

`python -m backend.teaching.own` draws its pictures and trains it; what ships lies beside.
"""
