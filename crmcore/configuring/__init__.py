"""Applying definitions to a workspace: what would change, what that means for its data, and the way back."""
