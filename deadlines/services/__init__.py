"""What runs, what is due, and the working calendar they are counted by."""
