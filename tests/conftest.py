"""What holds for all tests."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# Machines differ in speed; how fast things are is measured in benchmarks/, not asserted here.
settings.register_profile("tracewhy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tracewhy")
