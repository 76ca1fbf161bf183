"""Answers to the question why a classifier says what it says about a picture."""
