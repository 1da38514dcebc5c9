"""Leads: who may want something, and whether anybody has asked them yet."""
