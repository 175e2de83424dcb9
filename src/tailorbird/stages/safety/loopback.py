"""Whether an address is this machine's own, so that a secret sent there crosses no wire."""

import ipaddress


def is_loopback(host: str) -> bool:
    """Whether `host` is `localhost` or a loopback address (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3)."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
