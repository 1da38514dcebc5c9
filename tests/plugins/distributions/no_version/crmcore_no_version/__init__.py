"""Its metadata has no version."""
