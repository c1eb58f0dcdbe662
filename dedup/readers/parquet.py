"""Records of Parquet, one a row."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

from ..errors import InputError
from .lines import Stream
from .options import Reading
from .records import Record, record_of

_ROWS = 256  # of a Parquet file that are read at a time
_PARQUET = (
    1 << 28
)  # bytes of a Parquet file that is packed or comes from a pipe, and is held in memory; as many as one worker of Spark reads


def _whole_parquet(stream: Stream, path: str) -> bytes:
    start = stream.peek(4)
    if len(start) > 3 and not start.startswith(b"PAR1"):
        raise InputError("no Parquet that can be read (it does not begin with PAR1)", path=path, hint="write it again")
    data = stream.read(_PARQUET + 1)
    if len(data) > _PARQUET:
        raise InputError(f"packed or piped Parquet of more than {_PARQUET:,} bytes", path=path, hint="unpack it to a file")
    return data


def parquet_records(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise InputError("a Parquet file needs pyarrow", path=path, hint="pip install 'bulletin-dedup[parquet]'") from error
    try:
        file = ParquetFile(stream if stream.seekable() else io.BytesIO(_whole_parquet(stream, path)))
        number = 0
        for batch in file.iter_batches(batch_size=_ROWS):
            for place in range(batch.num_rows):
                number += 1
                try:
                    (fields,) = batch.slice(place, 1).to_pylist()
                except (ValueError, OverflowError) as error:
                    yield Record(b"", {}, None, InputError(f"a value that is none of its type ({error})", path=path, line=number))
                    continue
                raw = json.dumps(fields, ensure_ascii=False, default=str).encode("utf-8", "replace") + b"\n"
                yield record_of(raw, fields, path, number, reading)
    except ArrowException as error:
        raise InputError(f"no Parquet that can be read ({' '.join(str(error).split())})", path=path, hint="write it again") from error
