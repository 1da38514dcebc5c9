"""It brings a plugin that another distribution brings, too."""
