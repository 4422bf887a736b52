"""What the tiers tell whoever listens: the apps to their right, which they do not know."""

from django.dispatch import Signal

# Sent with `partner_ids` and `now` in the transaction in which another tier came into force for
# partners that had one before.
tiers_moved = Signal()
