"""How patient a listener is, in seconds."""

from random import SystemRandom

from attrs import frozen

_random = SystemRandom()


@frozen(kw_only=True)
class Pace:
    """`open`: for a connection, and for logging in. `quiet`: how long nothing may come before we ask whether anybody is
    there, `answer` how long that may take: then the connection is dead. `first` and `longest` are the waits before
    trying again, each twice the last, with chance in it so that many do not come at once; `refused` where the password
    is wrong. `gather`: how long events are gathered before they are taken. `renew`: between two signs of life.
    """

    open: float = 10.0
    quiet: float = 15.0
    answer: float = 10.0
    first: float = 0.5
    longest: float = 30.0
    refused: float = 300.0
    gather: float = 0.1
    renew: float = 5.0

    def wait(self, failures: int) -> float:
        """Return how long to wait after so many failures in a row, 1 or more."""
        longest = min(self.longest, self.first * 2.0 ** min(failures - 1, 20))
        return longest * _random.uniform(0.5, 1.0)
