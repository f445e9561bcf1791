"""What every app stands on: errors, workflow, locking, search, privacy, pagination. Imports no app, holds no table."""
