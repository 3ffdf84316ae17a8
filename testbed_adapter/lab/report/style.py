"""How the page looks."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark; --page: #f6f7f9; --card: #fff; --ink: #1b1f24; --soft: #59616b; --few: #6b737e;
  --line: #e2e5e9; --grid: #eceef1; --axis: #9aa1ab; --guess: #c9ccd1; --accent: #1d5fd1; --up: #1d5fd1;
  --down: #b45309; --lr: #8b8f97; --wide: #0b8f73; --deep: #d9730d;
  --violet: #7c4dbe; --rose: #c2386b; --olive: #767900; --shade: rgb(27 31 36 / 18%); }
@media screen and (prefers-color-scheme: dark) { :root { --page: #14171b; --card: #1d2127; --ink: #e6e9ee;
  --soft: #a7afba; --few: #87909b; --line: #343a43; --grid: #2a3037; --axis: #79818c; --guess: #59616b;
  --accent: #7db1ff; --up: #7db1ff; --down: #f2a154; --lr: #a2a8b1; --wide: #3cc7a5; --deep: #f29b45;
  --violet: #b596f0; --rose: #f080a8; --olive: #c3c650;
  --shade: rgb(0 0 0 / 60%); } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); overflow-wrap: break-word;
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC",
  "Noto Sans SC", "WenQuanYi Micro Hei", sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 14px 20px 60px; }
body > input { position: absolute; opacity: 0; pointer-events: none; }
nav { max-width: 1180px; margin: 0 auto; padding: 16px 20px 0; display: flex; justify-content: flex-end; }
nav label { padding: 4px 14px; font-size: 14px; cursor: pointer; background: var(--card); border: 1px solid var(--line);
  color: var(--soft); }
nav label:first-child { border-radius: 8px 0 0 8px; border-right: 0; }
nav label:last-child { border-radius: 0 8px 8px 0; }
#in-en:checked ~ nav label[for=in-en], #in-zh:checked ~ nav label[for=in-zh] { background: var(--accent);
  color: var(--card); }
#in-en:focus-visible ~ nav label[for=in-en], #in-zh:focus-visible ~ nav label[for=in-zh] {
  outline: 2px solid var(--ink); }
#in-en:checked ~ main [lang=zh], #in-zh:checked ~ main [lang=en] { display: none; }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 6px; letter-spacing: -.01em; }
h2 { font-size: 19px; margin: 0 0 2px; }
h3 { font-size: 14px; margin: 0 0 8px; font-weight: 600; }
p { margin: 0; }
.lead, .note, footer { color: var(--soft); }
.note { font-size: 14px; margin: 0 0 14px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(155px, 1fr)); gap: 14px; margin: 26px 0 16px; }
.tile, section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.tile { padding: 14px 18px 12px; }
.tile b { display: block; font-size: 27px; line-height: 1.25; font-variant-numeric: tabular-nums;
  color: var(--accent); }
.tile p { font-size: 13px; color: var(--soft); line-height: 1.4; }
section { padding: 20px 22px; margin-bottom: 16px; min-width: 0; }
.pair section { height: calc(100% - 16px); }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); gap: 0 16px; }
/* A shadow at the side where there is more; it goes away at the end. */
.wide { overflow-x: auto; background: linear-gradient(to right, var(--card) 40%, transparent) 0 0 / 40px 100% local,
  linear-gradient(to left, var(--card) 40%, transparent) 100% 0 / 40px 100% local,
  linear-gradient(to right, var(--shade), transparent) 0 0 / 12px 100% scroll,
  linear-gradient(to left, var(--shade), transparent) 100% 0 / 12px 100% scroll; background-repeat: no-repeat; }
.wide:focus-visible { outline: 2px solid var(--accent); }
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
td.up, td.down { font-weight: 600; } .up { color: var(--up); } .down { color: var(--down); }
th.over { text-align: center; border-bottom: 0; color: var(--ink); }
table.cold td:nth-child(4), table.cold td:nth-child(6),
table.cold td:nth-child(8) { padding-left: 26px; }
tr.group td { font-weight: 600; padding-top: 14px; } tr.few td { color: var(--few); }
tr.ceiling td, tr.floor td { color: var(--soft); font-style: italic; border-top: 1px dashed var(--axis); }
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
svg .grid { stroke: var(--grid); } svg .axis, svg .tick { stroke: var(--axis); }
svg.broad { max-width: 940px; margin: 0 auto; }
svg.map { max-width: 460px; margin: 0 auto; border: 1px solid var(--line); border-radius: 8px; }
svg.map circle { opacity: .85; stroke: var(--card); stroke-width: .7; }
svg circle:hover { stroke: var(--ink); stroke-width: 1.5; opacity: 1; }
.maps { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); gap: 18px; }
.bars { display: grid; grid-template-columns: minmax(0, 1fr) 38% 58px; gap: 3px 10px; font-size: 13px;
  align-items: center; }
.bars .label { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bars em { font-style: normal; text-align: right; font-variant-numeric: tabular-nums; color: var(--soft); }
.bar { position: relative; height: 14px;
  background: linear-gradient(var(--axis), var(--axis)) center / 1px 100% no-repeat; }
.bar u, .track u { position: absolute; top: 1px; bottom: 1px; border-radius: 2px; background: currentColor; }
.fall { max-width: 940px; margin: 0 auto; font-size: 14px; }
.steps, .steps tbody { display: block; }
.step td, .step th { display: block; padding: 0; border: 0; white-space: normal; text-align: left; }
tr.step:first-child { min-height: 0; }
.step { display: grid; grid-template: "name track figure" / 230px minmax(0, 1fr) 64px; gap: 0 12px; align-items: center;
  min-height: 42px; }
.step .name { grid-area: name; padding: 0; text-align: right; line-height: 1.3; overflow-wrap: anywhere; }
.step small { display: block; color: var(--soft); font-size: 13px; }
.step .figure { grid-area: figure; font-weight: 600; font-variant-numeric: tabular-nums; }
.track { grid-area: track; position: relative; align-self: stretch; }
.track u { top: 10px; bottom: 10px; min-width: 2px; }
.track i { position: absolute; top: 0; bottom: 0; border-left: 1px solid var(--axis); }
.track s { position: absolute; top: calc(100% - 10px); height: 20px; border-left: 1px dashed var(--axis); }
.scale .name, .scale .track span { font-size: 13px; color: var(--soft); line-height: 1.35; }
.scale .track span { position: absolute; top: 0; white-space: nowrap; transform: translateX(-50%); text-align: center; }
.fall .result { text-align: center; font-weight: 600; margin-top: 12px; }
.groups { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); gap: 26px 34px; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); gap: 12px;
  margin-bottom: 18px; }
.card { border: 1px solid var(--line); border-radius: 8px; padding: 10px 14px; font-size: 13.5px; min-width: 0; }
.card .of { font-weight: 600; } .card small { color: var(--soft); font-weight: 400; }
.card .of, .card li span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.card ol { list-style: none; margin: 6px 0 0; padding: 0; }
.card li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 12px; padding: 2px 0; }
.card b { font-weight: 600; font-variant-numeric: tabular-nums; }
dl.facts { display: grid; grid-template-columns: fit-content(42%) minmax(0, 1fr); gap: 2px 18px; margin: 0 0 14px;
  font-size: 14px; }
dl.says { font-size: 13px; margin-top: 14px; }
dl.facts dt { color: var(--soft); } dl.facts dd { margin: 0; font-variant-numeric: tabular-nums; }
footer { font-size: 13px; margin-top: 22px; line-height: 1.7; }
footer code { font-size: 12.5px; }
@media (max-width: 560px) { .bars { grid-template-columns: minmax(0, 1fr) 30% 52px; }
  main { padding: 10px 10px 40px; } nav { padding: 10px 10px 0; } section { padding: 16px 14px; }
  svg text { font-size: 19px; } .maps svg text { font-size: 13px; }
  svg.broad { min-width: 640px; } svg.broad text { font-size: 14px; }
  th, td { padding: 7px 8px; } .wide tr:not(.group) :first-child:is(td, th) {
  position: sticky; left: 0; background: var(--card); }
  table.close { font-size: 12px; } table.close th { font-size: 11px; }
  table.close th, table.close td { padding: 3px 2px; }
  td.long { min-width: 170px; }
  .step { grid-template: "name figure" auto "track track" 24px / minmax(0, 1fr) auto; padding: 5px 0 3px; }
  .step .name { text-align: left; } .step small { display: inline; } .track u { top: 5px; bottom: 5px; }
  .track s { display: none; } .scale { grid-template: "name" auto "track" 40px / 1fr; }
  dl.says { grid-template-columns: 1fr; } dl.says dd { margin-bottom: 4px; }
  h1 { font-size: 25px; } }
pre { overflow-x: auto; margin: 0 0 12px; padding: 10px 14px; border: 1px solid var(--line); border-radius: 8px; }
pre code { font-size: 13px; }
table.words { margin-bottom: 16px; } table.words td { vertical-align: top; }
.lead + section { margin-top: 18px; } section p, dl.facts dd { overflow-wrap: anywhere; } th.long { text-align: left; }
table.words td.long { width: auto; min-width: 150px; color: inherit; }
@media (max-width: 560px) { table.words td { white-space: normal; min-width: 72px; }
  table.words td:first-child { overflow-wrap: anywhere; min-width: 110px; } }
.blank { display: inline-block; width: 16em; height: 1.2em; border-bottom: 1px solid; }
.answer { min-height: 7em; margin: 0 0 18px; padding: 8px 12px; border: 1px solid var(--line); border-radius: 8px; }
@media print { body { background: #fff; } nav { display: none; } section, .tile { break-inside: avoid; } }
"""
