"""What is kept about a person."""

from apps.privacy.selectors.copies import Table, copy_of, same_log_in, same_person, told_by

__all__ = ["Table", "copy_of", "same_log_in", "same_person", "told_by"]
