"""What is done now and then while `tracewhy serve` runs: each job is one line that calls a service."""
