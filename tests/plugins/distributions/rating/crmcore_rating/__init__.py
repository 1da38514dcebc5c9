"""Rates contacts by the signs that other plugins see."""
