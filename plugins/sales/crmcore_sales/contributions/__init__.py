"""What the plugin contributes through the core's hooks, by hook."""
