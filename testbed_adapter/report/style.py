"""How the page looks."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light; --ink: #1b1f24; --soft: #59616b; --line: #e2e5e9; --accent: #1d5fd1; }
* { box-sizing: border-box; }
body { margin: 0; background: #f6f7f9; color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC",
  "Noto Sans SC", "WenQuanYi Micro Hei", sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 14px 20px 60px; }
body > input { position: absolute; opacity: 0; pointer-events: none; }
nav { max-width: 1180px; margin: 0 auto; padding: 16px 20px 0; display: flex; justify-content: flex-end; }
nav label { padding: 4px 14px; font-size: 14px; cursor: pointer; background: #fff; border: 1px solid var(--line);
  color: var(--soft); }
nav label:first-child { border-radius: 8px 0 0 8px; border-right: 0; }
nav label:last-child { border-radius: 0 8px 8px 0; }
#in-en:checked ~ nav label[for=in-en], #in-zh:checked ~ nav label[for=in-zh] { background: var(--accent); color: #fff; }
#in-en:focus-visible ~ nav label[for=in-en], #in-zh:focus-visible ~ nav label[for=in-zh] { outline: 2px solid #1b1f24; }
#in-en:checked ~ main [lang=zh], #in-zh:checked ~ main [lang=en] { display: none; }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 6px; letter-spacing: -.01em; }
h2 { font-size: 19px; margin: 0 0 2px; }
h3 { font-size: 14px; margin: 0 0 8px; font-weight: 600; }
p { margin: 0; }
.lead, .note, footer { color: var(--soft); }
.note { font-size: 14px; margin: 0 0 14px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(155px, 1fr)); gap: 14px; margin: 26px 0 16px; }
.tile, section { background: #fff; border: 1px solid var(--line); border-radius: 10px; }
.tile { padding: 14px 18px 12px; }
.tile b { display: block; font-size: 27px; line-height: 1.25; font-variant-numeric: tabular-nums;
  color: var(--accent); }
.tile p { font-size: 13px; color: var(--soft); line-height: 1.4; }
section { padding: 20px 22px; margin-bottom: 16px; min-width: 0; }
.pair section { height: calc(100% - 16px); }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); gap: 0 16px; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14.5px; font-variant-numeric: tabular-nums; }
th, td { padding: 8px 10px; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { font-weight: 600; color: var(--soft); font-size: 13px; vertical-align: bottom; }
th:first-child, td:first-child { text-align: left; padding-left: 2px; }
tr:last-child td { border-bottom: 0; }
td.best { font-weight: 700; color: var(--accent); }
td small { color: var(--soft); font-weight: 400; display: block; font-size: 11.5px; line-height: 1.2; }
table.close { font-size: 13.5px; margin-top: 8px; }
table.close th, table.close td { padding: 3px 6px; }
table.close th { white-space: normal; font-size: 12.5px; }
table.texts { margin-bottom: 18px; font-size: 14px; }
table.texts td, table.cold td { padding-top: 5px; padding-bottom: 5px; }
 table.texts th:nth-child(2), td.long { text-align: left; }
td.long { white-space: normal; min-width: 240px; width: 70%; color: var(--soft); }
td.up, td.down { font-weight: 600; } td.up { color: var(--accent); } td.down { color: #c4620a; }
th.over { text-align: center; border-bottom: 0; color: var(--ink); }
table.cold td:nth-child(4), table.cold td:nth-child(6),
table.cold td:nth-child(8) { padding-left: 26px; }
tr.group td { font-weight: 600; padding-top: 14px; } tr.few td { color: #9aa1ab; }
tr.ceiling td { color: var(--soft); font-style: italic; border-top: 1px dashed #b8bec6; }
i.key { display: inline-block; width: 22px; height: 0; margin-right: 7px; vertical-align: middle;
  border-top: 3px solid; }
i.dot { display: inline-block; width: 10px; height: 10px; margin-right: 5px; border-radius: 50%; }
ul.legend { list-style: none; margin: 0 0 8px; padding: 0; display: flex; flex-wrap: wrap; gap: 2px 18px;
  font-size: 13px; }
ul.legend b { font-variant-numeric: tabular-nums; font-weight: 600; }
svg { display: block; width: 100%; height: auto; font-family: inherit; }
svg text { font-size: 13px; fill: var(--soft); }
svg text.name { fill: var(--ink); }
svg text.figure { font-weight: 600; font-variant-numeric: tabular-nums; }
svg text.result { fill: var(--ink); font-size: 16px; font-weight: 600; }
svg .grid { stroke: #eceef1; } svg .axis, svg .tick { stroke: #9aa1ab; }
svg.broad { max-width: 940px; margin: 0 auto; }
svg.map { max-width: 460px; margin: 0 auto; background: #fbfbfc; border-radius: 8px; }
svg.map circle { opacity: .82; stroke: #fff; stroke-width: .7; }
svg circle:hover { stroke: #000; stroke-width: 1.5; opacity: 1; }
.maps { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); gap: 18px; }
.bars { display: grid; grid-template-columns: minmax(0, 1fr) 38% 58px; gap: 3px 10px; font-size: 13px;
  align-items: center; }
.bars .label { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bars em { font-style: normal; text-align: right; font-variant-numeric: tabular-nums; color: var(--soft); }
.bar { position: relative; height: 14px; background: linear-gradient(#9aa1ab, #9aa1ab) center / 1px 100% no-repeat; }
.bar u { position: absolute; top: 1px; bottom: 1px; border-radius: 2px; }
.groups { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); gap: 26px 34px; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); gap: 12px;
  margin-bottom: 18px; }
.card { border: 1px solid var(--line); border-radius: 8px; padding: 10px 14px; font-size: 13.5px; min-width: 0; }
.card .of { font-weight: 600; } .card small { color: var(--soft); font-weight: 400; }
.card .of, .card li span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.card ol { list-style: none; margin: 6px 0 0; padding: 0; }
.card li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 12px; padding: 2px 0; }
.card b { font-weight: 600; font-variant-numeric: tabular-nums; }
dl.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px 18px; margin: 0 0 14px;
  font-size: 14px; }
dl.facts dt { color: var(--soft); } dl.facts dd { margin: 0; font-variant-numeric: tabular-nums; }
footer { font-size: 13px; margin-top: 22px; line-height: 1.7; }
footer code { font-size: 12.5px; }
@media (max-width: 560px) { .bars { grid-template-columns: minmax(0, 1fr) 30% 52px; } section { padding: 16px; }
  svg text { font-size: 16px; } .maps svg text { font-size: 13px; }
  svg.broad { min-width: 640px; } svg.broad text { font-size: 14px; }
  h1 { font-size: 25px; } }
pre { overflow-x: auto; margin: 0 0 12px; padding: 10px 14px; border: 1px solid var(--line); border-radius: 8px; }
pre code { font-size: 13px; }
table.words { margin-bottom: 16px; } table.words td { vertical-align: top; }
table.words td.long { width: auto; min-width: 150px; color: inherit; }
.blank { display: inline-block; width: 16em; height: 1.2em; border-bottom: 1px solid; }
.answer { min-height: 7em; margin: 0 0 18px; padding: 8px 12px; border: 1px solid var(--line); border-radius: 8px; }
@media print { body { background: #fff; } nav { display: none; } section, .tile { break-inside: avoid; } }
"""
