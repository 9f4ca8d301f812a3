"""How many reviews are needed, and of what."""
