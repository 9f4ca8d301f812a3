"""A stand-in for an OpenAI-compatible server: its wire format, its errors, and faults on demand."""
