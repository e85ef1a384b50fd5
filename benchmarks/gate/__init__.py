"""The fault gate (trust.md 46): many interviews at once while everything goes wrong, and an account at the end.

`run.py` starts the server, the model and the troubles; `buyer.py` answers and keeps a ledger of what it sent and what
was shown to it as saved; `account.py` holds the ledgers against the database. How to read it: docs/load.md.
"""
