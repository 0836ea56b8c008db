"""What other systems are told of: addresses of an org, and what was sent to each."""
