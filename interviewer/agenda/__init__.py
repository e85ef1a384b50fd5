"""Calls as the desk sees them: all of them (`meetings`), one of them (`brief`), and when they can be (`hours`).

Booking itself, and what a call becomes, is of `bookings`, which is blind to the CRM's view; this is not.
"""
