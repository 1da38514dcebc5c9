"""What the plugin contributes, one module for each hook."""
