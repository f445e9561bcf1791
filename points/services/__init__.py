"""Give, take back, exchange, write off: everything that moves points."""
