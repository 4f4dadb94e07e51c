"""DynamoDB: tables, items, expressions and transactions on one SQLite file."""
