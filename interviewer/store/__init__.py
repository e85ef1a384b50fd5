"""The edge to the database: functions by noun (`store.turns.add(tx, …)`) that take a transaction, give core values."""
