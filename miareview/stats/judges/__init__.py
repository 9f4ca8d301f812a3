"""Judges compared: with people, with each other, with themselves, without the picture."""
