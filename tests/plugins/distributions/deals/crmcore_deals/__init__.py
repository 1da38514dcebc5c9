"""Deals that ask for little and fill in the rest."""
