"""What is not normal now: each detector one file, each finding with its reason in words."""
