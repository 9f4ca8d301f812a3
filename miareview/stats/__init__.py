"""Arrays in, dataclasses of codes and numbers out. What is said of them is in `miareview.words`."""
