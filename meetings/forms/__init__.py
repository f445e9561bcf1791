"""What people type about meetings. Services decide whether it is right."""
