"""Sends e-mails from their queue, and handles those that come back."""
