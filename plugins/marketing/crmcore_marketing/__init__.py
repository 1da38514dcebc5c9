"""Marketing: who should hear from us, who must not, and what came of it."""
