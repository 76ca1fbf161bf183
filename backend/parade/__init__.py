"""The parade: characters of our own in drawn scenes, and a classifier that tells them apart.

`python -m backend.parade --help` draws pictures and trains the classifier.
"""
