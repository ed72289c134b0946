"""Code that the flows of the member area share: values, PINs, members, throttling, recovery, outbox, audit and API."""

import gc
import os

if "AWS_LAMBDA_FUNCTION_VERSION" in os.environ:
    # Looking for garbage among what imports have just made takes a fifth of a start; LambdaHandler ends this.
    gc.disable()
