"""Duplicates in the workspace: proposed with evidence, judged by people, merged and unmerged."""
