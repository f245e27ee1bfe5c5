"""The web server's entry: `granian --interface wsgi config.wsgi:application`."""

import os
import signal
import threading


def end_when_told() -> None:
    """Let a worker of granian that is told to end while it loads do so.

    It is forked with the handler of the main process, which only notes the wish, and in a worker nobody reads the note;
    its own handler comes when this module is loaded. A SIGTERM before that was lost, and granian waited for ever.
    """
    handler = signal.getsignal(signal.SIGTERM)
    ours = threading.current_thread() is threading.main_thread()
    if ours and (getattr(handler, "__module__", None) or "").startswith("granian."):
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


end_when_told()  # before the imports that take their time

from django.core.wsgi import get_wsgi_application  # noqa: E402

from config.memory import settle  # noqa: E402

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")
# Only a web process serves several requests at once, so only it keeps a pool of connections.
os.environ.setdefault("DATABASE_POOL_SIZE", "8")

application = get_wsgi_application()
settle()
