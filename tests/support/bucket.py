"""A bucket on this machine that speaks enough S3 to be a stranger: it checks who asks, keeps parts, and keeps forms."""

import asyncio
import base64
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec

from app.adapters import s3_forms

KEY, SECRET, NAME = "AKIDTEST", "not-a-real-secret", "cars"


class Bucket:
    """`objects` are there; `kinds` their media types; `asked` every request; `broken` answers 503 to all."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.kinds: dict[str, str] = {}
        self.asked: list[str] = []
        self.broken = False
        self.url = ""
        self._parts: dict[int, bytes] = {}

    @asynccontextmanager
    async def open(self) -> AsyncIterator[str]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self.url
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                first, *lines = head.decode("latin-1").split("\r\n")
                headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                status, more, content = self._answer(*first.split(" ")[:2], headers, body)
                more.setdefault("Content-Length", str(len(content)))
                said = "".join(f"{name}: {value}\r\n" for name, value in more.items())
                writer.write(f"HTTP/1.1 {status}\r\n{said}\r\n".encode())
                writer.write(b"" if first.startswith("HEAD") else content)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _answer(
        self, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> tuple[str, dict[str, str], bytes]:
        self.asked.append(f"{method} {target}")
        parts = urlsplit(target)
        query = parse_qs(parts.query, keep_blank_values=True)
        key = unquote(parts.path).removeprefix(f"/{NAME}").lstrip("/")
        if self.broken:
            return "503 Slow Down", {}, b"<Error><Code>SlowDown</Code></Error>"
        if method == "POST" and not key:
            return self._form(headers, body)
        signed = f"Credential={KEY}/" in headers.get("authorization", "") or "X-Amz-Signature" in query
        if not signed:
            return "403 Forbidden", {}, b"<Error><Code>AccessDenied</Code></Error>"
        return self._object(method, key, query, headers, body)

    def _object(
        self, method: str, key: str, query: dict[str, Any], headers: dict[str, str], body: bytes
    ) -> tuple[str, dict[str, str], bytes]:
        if method == "POST" and "uploads" in query:
            self._parts, self.kinds[key] = {}, headers.get("content-type", "")
            told = f"<UploadId>1</UploadId><Key>{key}</Key><Bucket>{NAME}</Bucket>"
            root = "InitiateMultipartUploadResult"
            return "200 OK", {}, f"<{root}>{told}</{root}>".encode()
        if method == "PUT" and "partNumber" in query:
            self._parts[int(query["partNumber"][0])] = body
            return "200 OK", {"ETag": f'"{query["partNumber"][0]}"'}, b""
        if method == "POST" and "uploadId" in query:
            self.objects[key] = b"".join(part for _, part in sorted(self._parts.items()))
            return "200 OK", {}, b"<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>"
        if method == "PUT":
            self.objects[key], self.kinds[key] = body, headers.get("content-type", "")
            return "200 OK", {"ETag": '"e"'}, b""
        if method == "DELETE":
            self.objects.pop(key, None)
            return "204 No Content", {}, b""
        if key not in self.objects:
            return "404 Not Found", {}, b"<Error><Code>NoSuchKey</Code></Error>"
        return self._read(self.objects[key], headers.get("range", ""))

    def _read(self, content: bytes, wanted: str) -> tuple[str, dict[str, str], bytes]:
        about = {"ETag": '"e"', "Last-Modified": "Wed, 25 Nov 2026 10:00:00 GMT"}
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", wanted)
        if not found:
            return "200 OK", about | {"Content-Length": str(len(content))}, content
        start, end = int(found[1]), min(int(found[2]), len(content) - 1)
        about["Content-Range"] = f"bytes {start}-{end}/{len(content)}"
        return "206 Partial Content", about, content[start : end + 1]

    def _form(self, headers: dict[str, str], body: bytes) -> tuple[str, dict[str, str], bytes]:
        """What a browser posts: the policy decides, and the file comes last."""
        boundary = headers["content-type"].partition("boundary=")[2].encode()
        fields: dict[str, bytes] = {}
        for part in body.split(b"--" + boundary)[1:-1]:
            head, _, content = part.strip(b"\r\n").partition(b"\r\n\r\n")
            name = re.search(rb'name="([^"]*)"', head)
            assert name
            fields[name[1].decode()] = content
        policy = msgspec.json.decode(base64.b64decode(fields["policy"]))
        scope = fields["x-amz-credential"].decode().split("/")
        ours = s3_forms.signature(SECRET, scope[1], scope[2], fields["policy"].decode())
        length = next(one for one in policy["conditions"] if isinstance(one, list))
        exact = {name: value for one in policy["conditions"] if isinstance(one, dict) for name, value in one.items()}
        fits = (
            fields["x-amz-signature"].decode() == ours
            and list(fields)[-1] == "file"
            and all(fields.get(name, b"").decode() == value for name, value in exact.items() if name != "bucket")
            and length[1] <= len(fields["file"]) <= length[2]
        )
        if not fits:
            return "403 Forbidden", {}, b"<Error><Code>AccessDenied</Code></Error>"
        self.objects[fields["key"].decode()] = fields["file"]
        return "204 No Content", {"Access-Control-Allow-Origin": "*"}, b""
