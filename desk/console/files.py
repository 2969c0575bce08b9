"""Hands a file that came from outside to an officer."""

from urllib.parse import quote

from fastapi.responses import Response

from intake.records import Attachment
from intake.vault import Vault


def handed_out(vault: Vault, row: Attachment) -> Response:
    """The file as a download; it is never shown in the page's own origin, since a stranger's file may be anything."""
    name = vault.open_text(row.dossier_id, f"attachment.name:{row.id}", row.name)
    content = vault.open(row.dossier_id, f"attachment.content:{row.id}", row.content)
    return Response(
        content,
        media_type="application/octet-stream",
        headers={"content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"},
    )
