"""Two cohorts of traces compared: what changed, where it comes from, and who is only affected."""
