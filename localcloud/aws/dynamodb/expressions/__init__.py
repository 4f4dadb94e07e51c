"""DynamoDB's expressions: text to tree, tree to what it means for one request, and what that does with an item."""
