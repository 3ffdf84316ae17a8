"""What the report of before and after measures."""
