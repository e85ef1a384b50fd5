"""Times of calls, without a clock: a host's hours, free slots, zones, calendar entries and calendar feeds."""
