"""What customers need and we lack: heard, gathered, settled."""

from apps.insights.services.needs.gathering import gather_needs, usual_lines
from apps.insights.services.needs.settling import may_settle, merge_needs, settle_need

__all__ = ["gather_needs", "may_settle", "merge_needs", "settle_need", "usual_lines"]
