"""The plugin's schema history."""
