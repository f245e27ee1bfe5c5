"""What the demo's buyers call things that its catalogue calls otherwise."""

from apps.catalogue.models import Synonym

SETS = (
    "allen key, hex key",
    "allen bolt, allen screw, socket head cap screw",
    "stud bar, all-thread, threaded rod",
    "nyloc nut, nylock nut, locking nut",
    "zip tie, cable tie",
    "hi-vis, high visibility, hi vis",
    "hard hat, safety helmet",
    "ear defenders, ear muff",
    "respirator, mask",
    "spanner, wrench",
    "sticky tape, packing tape",
    "rubbish bin, waste bin, swing bin",
    "wd spray, penetrating oil",
    "loctite, threadlocker",
    "jubilee clip, hose clip",
)


def save_synonyms() -> None:
    Synonym.objects.bulk_create(Synonym(words=words) for words in SETS)
