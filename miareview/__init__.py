"""miareview: review and annotate the scores that an LLM judge gave on MIA-Bench."""

__version__ = "0.1.0"
