"""Many products changed at once: the ones chosen in the list, or all that a filter holds.

A change is written down as a file of SKUs and the new value and taken in as an import of its own profile. So it is
looked through before it goes live, field by field; it is recorded; and it can be undone, except where somebody changed
a product since.
"""
