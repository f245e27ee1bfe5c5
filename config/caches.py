"""A cache that may be lost at any time, and may be absent."""

from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError


class VolatileCache(RedisCache):
    """Redis as a cache whose loss is a miss: nothing that matters is kept here, and nobody waits for it."""

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        try:
            return super().get(key, default, version)
        except RedisError:
            return default

    def set(self, key: str, value: Any, *args: Any, **kwargs: Any) -> None:
        try:
            super().set(key, value, *args, **kwargs)
        except RedisError:
            return

    def get_many(self, keys: list[str], version: int | None = None) -> dict[str, Any]:
        try:
            return super().get_many(keys, version)
        except RedisError:
            return {}

    def delete(self, key: str, version: int | None = None) -> bool:
        try:
            return super().delete(key, version)
        except RedisError:
            return False
