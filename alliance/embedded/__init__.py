"""The whole platform on one machine without servers: PostgreSQL, web, worker and clock under one supervisor.

Nothing here imports Django: the supervisor has to work, and to say what is wrong, when Django cannot start.
"""
