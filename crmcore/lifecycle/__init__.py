"""A plugin's life in a workspace: enabled, disabled, upgraded, purged, and what is known of its state."""
