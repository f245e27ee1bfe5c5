"""Stock and prices that the ERP sends as files; `apps.api.feeds` takes the same in calls."""
