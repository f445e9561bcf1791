"""Pages of the register outside the workbench, and what its pages there are made of."""
