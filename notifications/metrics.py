"""How the outbox is doing, for whoever watches the installation from outside."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily

from notifications.services.figures import figures


def metrics() -> Iterator[GaugeMetricFamily]:
    """Messages by state and channel, and how long the oldest has been waiting."""
    now = figures()
    messages = GaugeMetricFamily(
        "tongxin_messages",
        "Messages by state and channel: all that wait, and those of the last 24 hours that have ended",
        labels=["state", "channel"],
    )
    for channel, states in sorted(now["recent"].items()):
        for state, count in sorted(states.items()):
            messages.add_metric([str(state), str(channel)], count)
    yield messages
    oldest = GaugeMetricFamily("tongxin_message_oldest_waiting_seconds", "For how long the oldest message has waited")
    oldest.add_metric([], now["oldest_seconds"])
    yield oldest
