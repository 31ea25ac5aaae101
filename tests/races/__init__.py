"""Real processes on one database at once; shared by tests/test_races.py and benchmarks/soak.py."""
