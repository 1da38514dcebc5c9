"""Working with reps: who suits a deal, what to talk about, what a week brought."""
