"""AWS and the Lambda runtime."""
