"""A fictional vendor with its deals, whose history is played through the real application by scripted buyers.

`cast.py` reads who they are (`buyers/`, `deals.toml`), `history.py` plays them, `place.py` is the folder that keeps it
all between runs, and `visit.py` makes the links for the person who looks at it.
"""
