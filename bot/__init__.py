"""The shell: the command line today, and the wiring of everything else."""
