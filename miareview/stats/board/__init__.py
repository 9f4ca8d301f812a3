"""The leaderboard: scores, corrected scores, pairs and ranks of models."""
