"""A thread beside the server that takes one turn after the other."""

import logging
import threading
from abc import ABC, abstractmethod

from tailorbird.types.errors import TailorbirdError

LOGGER = logging.getLogger(__name__)


class Loop(ABC):
    """Takes turns from `start` to `stop`. A disk or database that fails is told in the log, and tried again."""

    def __init__(self, name: str, every_s: float) -> None:
        """`name` is how the log speaks of it."""
        self._name, self._every_s = name, every_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name.replace(" ", "-"), daemon=True)

    @abstractmethod
    def turn(self) -> object:
        """One turn."""

    @abstractmethod
    def goes_on(self) -> bool:
        """Called where a turn met a defect of ours: say so in the log; whether to take another turn all the same."""

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after what is under way."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.turn()
            except TailorbirdError as error:
                LOGGER.warning("%s: %s", self._name, error)
            except Exception:
                if not self.goes_on():
                    return
            self._stop.wait(self._every_s)
