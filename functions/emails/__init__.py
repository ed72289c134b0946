"""Sends e-mails from their queue, and handles bounces and complaints."""
