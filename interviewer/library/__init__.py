"""The library: what all interviews hold, searched, narrowed down, kept as views, and asked in plain words."""
