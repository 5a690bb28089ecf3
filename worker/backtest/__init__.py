"""Back-tests: the live rules on a simulated clock, and what their alerts were worth."""
