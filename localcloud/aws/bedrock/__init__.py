"""Amazon Bedrock: its models and profiles (`bedrock`), and calls of them (`bedrock-runtime`)."""
