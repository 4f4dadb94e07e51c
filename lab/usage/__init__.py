"""What the clouds themselves report of what was used: processor time, billed time, memory."""
