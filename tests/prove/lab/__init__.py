"""What R4, R6, R7 and R8 are shown in: a database, stages that are late, processes that die on command."""
