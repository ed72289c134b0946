"""The catalogue of the audit trail: every decision that it records, by the name that log, metrics and alarms know.

A module for each subject: a function makes only the classes of its own events when it starts.
"""
