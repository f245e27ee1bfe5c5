"""Every drawing by its name."""

from collections.abc import Callable

from apps.demo.pictures import hardware, machinery, protection, supplies, workplace

DRAWINGS: dict[str, Callable[..., str]] = {
    **hardware.DRAWINGS,
    **protection.DRAWINGS,
    **machinery.DRAWINGS,
    **supplies.DRAWINGS,
    **workplace.DRAWINGS,
}
