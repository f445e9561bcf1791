"""Composition root: joins the apps into one site. Nothing below imports it, except ``alliance.lib``."""
