"""Code that the flows of the member area share: values, PINs, members, throttling, recovery, outbox, audit and API."""
