"""E-mails and letters to send: decided in a transaction, sent by a worker."""
