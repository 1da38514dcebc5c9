"""Interests: what people want to buy, by product line, from what they did (row S1-V11)."""
