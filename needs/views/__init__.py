"""Public pages of needs: say, follow."""
