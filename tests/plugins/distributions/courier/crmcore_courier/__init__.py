"""Carries parcels out of the workspace, one at a time."""
