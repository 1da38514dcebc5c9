"""Mailings: who was written to, in which campaign."""
