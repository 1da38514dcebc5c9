"""Scoring: who is likely to buy, by visible factors each with its points, learned from who did and who was rejected."""
