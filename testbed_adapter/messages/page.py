"""The command `page`."""

from __future__ import annotations

from . import Message

ABOUT = Message(
    """Opens the testbed's training page by itself: the tab that its own build_training_tab makes, over its own data
and model services, without the rest of its user interface, which does not start without a JanusGraph server and the
weights of an image model. It reads and writes DIR/models as the whole testbed does. Ctrl-C ends it.""",
    """单独打开测试床的训练页：由测试床自己的 build_training_tab 生成，使用它自己的数据服务和模型服务；
不启动界面的其余部分，那些部分需要 JanusGraph 服务器和图像模型的权重。
读写 DIR/models 的方式与整个测试床相同。按 Ctrl-C 结束。""",
)
EXAMPLES = Message(
    """examples:
  python -m testbed_adapter page --testbed ~/test_bed --model beside_lr
      the testbed's LR in the first slot, Wide & Deep in the second: train both, and compare
  python -m testbed_adapter page --testbed ~/test_bed
      Wide & Deep in both: the page's evaluation, which is of the first slot, is then of ours
  python -m testbed_adapter page --testbed ~/test_bed --online auto --port 7870
""",
    """示例:
  python -m testbed_adapter page --testbed ~/test_bed --model beside_lr
      第一个槽位是测试床自带的 LR，第二个是 Wide & Deep：两个都训练，再比较
  python -m testbed_adapter page --testbed ~/test_bed
      两个槽位都是 Wide & Deep：页面的“模型评估与分析”针对第一个槽位，这时就是我们的模型
  python -m testbed_adapter page --testbed ~/test_bed --online auto --port 7870
""",
)
PORT = Message(
    "port of the page on this machine (%(default)s, the testbed's); 0: any that is free",
    "页面在本机的端口（默认 %(default)s，与测试床相同）；0 表示任意空闲端口",
)
NO_TESTBED = Message(
    "--testbed {testbed} is no checkout of the testbed: there is no {file}",
    "--testbed {testbed} 不是测试床：没有 {file}",
)
TAKEN = Message(
    "port {port} is taken by {by}; or give another one with --port, 0 for any",
    "端口 {port} 已被{by}；或用 --port 换一个（0 表示任意空闲端口）",
)
NO_LLMOPS = Message(
    "No llamafactory: the page's LLMOps tab will say so at length; the CTR tab does not need it",
    "没有 llamafactory：页面的 LLMOps 标签页会打印一长串错误，CTR 标签页不受影响",
)
STARTING = Message("Loading the testbed's services and page, some ten seconds", "正在加载测试床的服务和页面，约十秒")
READY = Message("Training page: {url} (Ctrl-C ends it)", "训练页：{url} （按 Ctrl-C 结束）")
