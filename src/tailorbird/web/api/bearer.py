"""Bearer tokens (RFC 6750): keys of programs, for routes that are not for the public."""

import hmac

from starlette.exceptions import HTTPException


def require_key(authorization: bytes, key: str, name: str) -> None:
    """Refuse a request whose Authorization header does not carry `key`. HTTPException 401 calls the key by `name`."""
    if not hmac.compare_digest(authorization, b"Bearer " + key.encode()):
        told = f"the {name} is missing or wrong: send it as a Bearer token"
        raise HTTPException(401, told, {"WWW-Authenticate": "Bearer"})


def bearer_token(authorization: str, name: str) -> str:
    """The token of an Authorization header; HTTPException 401 calls the key by `name` where there is none."""
    scheme, _, token = authorization.partition(" ")
    if scheme.casefold() != "bearer" or not token.strip():
        raise HTTPException(401, f"the {name} is missing: send it as a Bearer token", {"WWW-Authenticate": "Bearer"})
    return token.strip()
