"""The benchmarks of trust.md 46 and of load, in short, and whether their account finds what is wrong."""
