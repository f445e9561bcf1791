"""Offers and claims: publish, take, deliver, confirm, give back. See docs/architecture.md."""
