"""It claims commands of the core and of another plugin."""
