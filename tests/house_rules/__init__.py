"""The house rules, as tests that walk the code: what is new tomorrow is covered tomorrow."""
