"""Accounts as pages say them."""
