"""What partners tell whoever listens: the apps to their right, which they do not know."""

from django.dispatch import Signal

# Sent with `partner_ids` and `now` in the transaction in which they got another owner.
owner_changed = Signal()

# A partner asked us to stop; with `partner`, `actor` and `now`, in the transaction that wrote it,
# behind the partner's lock.
asked_to_stop = Signal()
