"""What people may ask of us about their data: a copy, to be forgotten; and what is forgotten by itself."""

from apps.privacy.services.asking import ask_for_erasure
from apps.privacy.services.copying import own_copy, person_copy
from apps.privacy.services.erasing import erase_person
from apps.privacy.services.referred import forget_referred
from apps.privacy.services.sweeping import sweep

__all__ = ["ask_for_erasure", "erase_person", "forget_referred", "own_copy", "person_copy", "sweep"]
