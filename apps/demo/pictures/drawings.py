"""Every drawing by its name."""

from collections.abc import Callable

from apps.demo.pictures import hardware, machinery, packing, protection, signs, supplies, workplace

DRAWINGS: dict[str, Callable[..., str]] = {
    **hardware.DRAWINGS,
    **protection.DRAWINGS,
    **machinery.DRAWINGS,
    **supplies.DRAWINGS,
    **packing.DRAWINGS,
    **workplace.DRAWINGS,
    **signs.DRAWINGS,
}
