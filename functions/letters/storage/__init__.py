"""Letter jobs, the daily quota and outcomes in DynamoDB."""
