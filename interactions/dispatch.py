"""What the log tells whoever listens: the apps to its right, which it does not know."""

from django.dispatch import Signal

# Sent with `partner_ids` in the transaction that wrote several facts at once.
facts_changed = Signal()
