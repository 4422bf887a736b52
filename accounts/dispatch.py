"""What accounts tell whoever listens: the apps to their right, which they do not know."""

from django.dispatch import Signal

# Sent with `user_id` and `now` when a person has moved to another branch, after the commit: who
# logs locks a partner before its owner's row is touched, and this way nobody waits in a circle.
branch_changed = Signal()
