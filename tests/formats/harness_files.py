"""Small files in the shape of each harness, with texts of our own."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from PIL import Image

GOOD = "Score of component 1: 4/6, score of component 2: 4/4, total score: 8/10. Because."


def entry(number: int, **change: Any) -> dict[str, Any]:
    """An item of a benchmark; numbers 4 and 5 share their instruction."""
    shared = "Say what it is in one sentence"
    return {
        "image": f"https://pictures.example/{number}.jpg",
        "instruction": shared if number in (4, 5) else f"Describe picture {number} in one sentence",
        "type": "basic",
        "num_of_component": 2,
        "components": [f"Describe picture {number}", "in one sentence"],
        "component_weight": [6, 4],
        "component_type": ["describe", "grammar" if number == 5 else "length_limit"],
    } | change


def jpeg(number: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (16, 12), (number * 20 % 256, 80, 120)).save(file, "JPEG")
    return file.getvalue()


def write_benchmark(path: Path, count: int = 6) -> Path:
    path.write_text(json.dumps([entry(number) for number in range(count)]), encoding="utf-8")
    return path


def write_lines(path: Path, records: Iterable[object]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def vlmevalkit(number: int, prediction: object = "A boat.", **more: Any) -> dict[str, Any]:
    item = entry(number)
    return {
        "index": number, "image_url": item["image"], "question": item["instruction"],
        "num_of_component": 2, "components": repr(item["components"]), "component_weight": "[6, 4]",
        "component_type": repr(item["component_type"]), "prediction": prediction,
    } | more  # fmt: skip


def lmms(position: int, number: int, scores: dict[str, object], text: object = "A boat.") -> dict[str, Any]:
    return {
        "doc_id": position, "target": "", "filtered_resps": text, "doc_hash": "same",
        "gpt_eval_score": scores, "input": entry(number)["instruction"],
    }  # fmt: skip


def attempt(raw: str | None = "{}", judge: str = "judge-a", repeat: int = 0, **more: Any) -> dict[str, Any]:
    return {"status": "success" if raw else "transport_error", "judge_id": judge, "repeat_id": repeat,
            "raw_response": raw} | more  # fmt: skip


def evalscope(
    position: int, number: int, score: dict[str, Any], answer: object = "A boat.", model: str = "sailor"
) -> dict[str, Any]:
    image = "data:image/jpeg;base64," + base64.b64encode(jpeg(number)).decode()
    asked = [{"type": "image", "image": image}, {"type": "text", "text": entry(number)["instruction"]}]
    return {
        "index": position, "target": None, "agent_trace": None,
        "messages": [{"role": "user", "content": asked}, {"role": "assistant", "content": answer, "model": model}],
        "sample_score": {"score": score, "sample_id": position},
    }  # fmt: skip


def write_workbook(path: Path, rows: list[list[object]], parts: dict[str, bytes] | None = None) -> Path:
    """A workbook with one sheet, written by hand, so that it holds what a library would not write."""
    main = "http://schemas.openxmlformats.org"
    relations = f"{main}/officeDocument/2006/relationships"

    def cell(value: object) -> str:
        if value is None:
            return "<c/>"
        if isinstance(value, int):
            return f"<c><v>{value}</v></c>"
        return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'

    sheet = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    files = {
        "[Content_Types].xml": f'<Types xmlns="{main}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument'
        '.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{main}/package/2006/relationships"><Relationship Id="r1" '
        f'Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}/spreadsheetml/2006/main" xmlns:r="{relations}"><sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{main}/package/2006/relationships"><Relationship Id="r1" '
        f'Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}/spreadsheetml/2006/main"><dimension ref="A1"/>'
        f"<sheetData>{sheet}"
        "</sheetData></worksheet>",
    }
    content = {name: text.encode() for name, text in files.items()} | (parts or {})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in content.items():
            packed.writestr(name, data)
    return path


def workbook_of(path: Path, records: list[dict[str, Any]]) -> Path:
    return write_workbook(path, [list(records[0]), *[list(record.values()) for record in records]])
