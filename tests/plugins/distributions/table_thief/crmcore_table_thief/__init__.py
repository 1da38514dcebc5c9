"""It claims the table of another plugin."""
