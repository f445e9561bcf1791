"""``make bench``: the bars of speed, measured on this machine against controls in the same run."""
