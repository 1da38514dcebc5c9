"""Surveys: what people who took our material or came to us think, in figures and in their own words."""
