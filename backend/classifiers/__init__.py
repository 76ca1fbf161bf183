"""Image classifiers, and everything that is needed to read, keep and run them."""
