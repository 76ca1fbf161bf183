"""How fast Peekaboo is, beside others, on the same machine and in one run."""
