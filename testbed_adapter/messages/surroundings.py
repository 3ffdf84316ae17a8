"""What the switch meets: another version of the testbed, ports that others have, folders that cannot be written to."""

from __future__ import annotations

from . import Message

BY = Message("process {pid} ({command}); end it: kill {pid}", "进程 {pid}（{command}）占用；结束它: kill {pid}")
BY_ANOTHER = Message(
    "a process that is not yours to see; who has it: sudo ss -ltnp 'sport = :{port}'",
    "看不到的进程占用；查看: sudo ss -ltnp 'sport = :{port}'",
)
SERVICE_FAILS = Message(
    "port {port} of the testbed's model service is taken by {by}. On another one: PYTHONPATH=src python -c 'import "
    "testbed_adapter; testbed_adapter.install(); from search_engine.model_service import ModelService; "
    "ModelService().start_api_server(port={free})' in the checkout",
    "测试床模型服务的端口 {port} 已被{by}。换用其他端口：在检出目录中运行 PYTHONPATH=src python -c 'import "
    "testbed_adapter; testbed_adapter.install(); from search_engine.model_service import ModelService; "
    "ModelService().start_api_server(port={free})'",
)
SERVICE_REUSED = Message(
    "port {port} of the testbed's model service is taken by {by}. Until then the testbed takes what answers there for "
    "its own, with the models that it was started with",
    "测试床模型服务的端口 {port} 已被{by}。在此之前，测试床会直接使用该端口上的服务，其中是它启动时的模型",
)
PAGE_MOVES = Message(
    "port {port} of the testbed's page is taken by {by}. The testbed then takes one of 7862 to 7865; the training page "
    "alone on another one: python -m testbed_adapter page --port {free}",
    "测试床页面的端口 {port} 已被{by}。测试床会改用 7862 到 7865 之一；"
    "单独在其他端口打开训练页: python -m testbed_adapter page --port {free}",
)

IN_MEMORY = Message(
    "{path} cannot be written to: the testbed trains and predicts, but its models and clicks stay in memory and "
    "go with it (compare and hand-in write elsewhere). To keep them, work on a copy: {copy}",
    "{path} 不可写：测试床可以训练和预测，但模型和点击只在内存中，退出即丢失（compare 和 hand-in 写在别处，不受影响）。"
    "要保留请改用副本: {copy}",
)
NO_START = Message(
    "{path} cannot be written to, and the testbed's services, which make models/online and models/offline there, do "
    "not start (compare and hand-in write elsewhere). Work on a copy: {copy}",
    "{path} 不可写，而测试床的服务要在其中建立 models/online 和 models/offline，无法启动"
    "（compare 和 hand-in 写在别处，不受影响）。请改用副本: {copy}",
)
NO_FOLDER = Message(
    "{path} is no folder, so that the testbed's services do not start: move it away",
    "{path} 不是文件夹，测试床的服务无法启动：请移走它",
)

OTHER_COMMIT = Message(
    "{testbed} is at commit {commit}; this package was checked with {checked}. If something fails: git -C {testbed} "
    "checkout {checked}",
    "{testbed} 位于提交 {commit}；本包测试过的是 {checked}。如有问题: git -C {testbed} checkout {checked}",
)
NO_TARGET = Message("{path} has no {name}: the switch leaves that one alone", "{path} 中没有 {name}：开关不改动它")
NO_SOURCE = Message(
    "{path} cannot be read ({error}): the switch does not find {name}", "{path} 无法读取（{error}）：开关找不到 {name}"
)
SHADOWED = Message(
    "the package is that of {loaded}, by which this environment is switched, not that of {other}; for the latter: "
    "python -m testbed_adapter disable",
    "所用的是启用本环境的 {loaded} 中的包，不是 {other} 中的；要用后者: python -m testbed_adapter disable",
)
NOTED = Message("testbed_adapter: {said}", "testbed_adapter: {said}")
