"""Makes the bucket that the settings name, with object lock; a bucket that is there stays.

`python -m starter.provision.bucket` is a job of docker-compose.yml, and harmless to run again.
"""

from __future__ import annotations

import sys
import time

from activities.archive import open_bucket
from models.errors import InputError, MingjianError, Problem, Unreachable
from models.settings import Settings, load_settings
from starter.provision.cache import Say, say_on_screen

PATIENCE_SECONDS = 60.0


def prepare_bucket(
    settings: Settings, say: Say = say_on_screen, *, patience_seconds: float = PATIENCE_SECONDS
) -> None:
    """Wait for the server, then make the bucket; Unreachable when it does not come up or cannot lock."""
    if not settings.archive_url:
        raise InputError(
            Problem("没有写明存储桶", remedy="写 s3://存储桶/前缀", field="MINGJIAN_ARCHIVE_URL")
        )
    bucket = open_bucket(settings).bucket
    until = time.monotonic() + patience_seconds
    while True:
        try:
            made = bucket.make()
        except Unreachable:
            if time.monotonic() > until:
                raise
            time.sleep(1)
        else:
            say(f"存储桶 {settings.archive_url} {'已建立' if made else '早已建立'}，能够锁定")
            return


def main() -> int:
    """Exit code 0, or that of the error."""
    try:
        prepare_bucket(load_settings())
    except MingjianError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
