"""Measures, run by hand: `python -m tests.bench` lists them."""
