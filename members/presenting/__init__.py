"""What pages say of the register: plain words and addresses, for templates."""
