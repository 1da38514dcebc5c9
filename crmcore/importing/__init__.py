"""Importing: records from files become stored records, counted and undoable."""
