"""Who may do what to activities, volunteers and teams, by noun."""
