"""What is kept about a person."""

from apps.privacy.selectors.copies import Table, copy_of, same_log_in, same_person

__all__ = ["Table", "copy_of", "same_log_in", "same_person"]
