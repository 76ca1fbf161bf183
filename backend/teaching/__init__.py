"""Teaching one's own classifier: collections of examples, lessons, and what came of them."""
