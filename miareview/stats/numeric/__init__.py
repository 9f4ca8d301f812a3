"""Resampling of clusters, and two distributions."""
