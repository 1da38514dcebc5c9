"""Its exceptions cannot even be shown."""
