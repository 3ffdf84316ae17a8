"""The Chinese words of the generated click log: a list per topic, and a few words that belong to none.

Every word is one that jieba keeps whole, also behind the connectives and the punctuation that stand between words here,
so that a text's words come back when it is cut.
"""

from __future__ import annotations

# The more usual words come first; a topic's first is its name in plots.
_TOPICS = """
体育 足球 篮球 教练 球员 冠军 联赛 训练 裁判 进球 马拉松 游泳 羽毛球 乒乓球 奥运会
球迷 战术 体能 跑步 健身 射门 决赛 替补 赛程

科技 算法 编程 数据 芯片 模型 网络 软件 硬件 机器人 浏览器 神经网络 服务器 数据库
代码 传感器 加密 接口 测试 架构 操作系统 智能 开源 部署

健康 医生 医院 血压 饮食 睡眠 疫苗 感冒 症状 药物 治疗 营养 维生素 心脏 糖尿病 过敏
体检 护士 手术 康复 免疫 咳嗽 胃炎 护理

旅游 景点 酒店 机票 签证 海滩 古镇 导游 行李 自驾 攻略 民宿 航班 露营 雪山 海岛
背包 门票 护照 温泉 草原 徒步 日落 邮轮

美食 火锅 烧烤 面条 豆腐 牛肉 海鲜 甜点 蛋糕 咖啡 茶叶 食谱 厨师 调料 辣椒 早餐
小吃 米饭 烘焙 餐厅 饺子 鸡蛋 蔬菜 汤圆

教育 学生 老师 课程 考试 作业 大学 高考 留学 奖学金 课堂 教材 论文 英语 数学 招生
幼儿园 图书馆 毕业 实习 学费 辅导 阅读 校园

财经 股票 基金 利率 银行 投资 债券 通胀 汇率 保险 贷款 税收 理财 市场 黄金 期货
上市 财报 分红 信用卡 房价 预算 审计 经济

影视 电影 导演 演员 剧本 音乐 歌手 演唱会 综艺 票房 纪录片 动画 配音 镜头 吉他 钢琴
专辑 舞台 粉丝 剪辑 主角 续集 影评 乐队
"""

TOPICS: list[list[str]] = [paragraph.split() for paragraph in _TOPICS.split("\n\n")]

# Words of any page and any query: they say nothing about the topic.
_GENERIC = """
推荐 入门 问题 方法 经验 大全 指南 技巧 价格 排名 介绍 解析 新手 建议 故事 图片
视频 选择 对比 最新
"""

GENERIC: list[str] = _GENERIC.split()

# word → topic, for the report's colours and the tests.
TOPIC_OF: dict[str, int] = {word: topic for topic, words in enumerate(TOPICS) for word in words}

# What may stand between two words of a summary; after the last one stands a full stop.
JOINERS: tuple[str, ...] = ("、", "，", "与", "的")

# Pairs that jieba reads as one word, or cuts elsewhere, when nothing stands between them; a query puts LINK there.
LINK = "的"
_GLUED = """
体育论文 体育训练 体育考试 体育老师 足球赛程 足球联赛 篮球联赛 冠军联赛 冠军足球 训练方法 马拉松赛程
羽毛球赛程 体能训练 数据测试 数据网络 数据模型 网络课堂 网络接口 网络科技 网络操作系统 网络软件 软件测试
软件加密 软件架构 机器人民宿 神经网络课堂 神经网络操作系统 神经网络接口 服务器软件 加密算法 测试软件 测试代码
测试方法 测试数据 智能算法 开源自驾 开源代码 医院软件 营养体能 康复训练 免疫治疗 免疫选择 护理财报 旅游指南
旅游景点 机票价格 门票价格 食谱问题 小吃海鲜 教育网络 教育软件 考试指南 大学校园 大学老师 大学排名 大学毕业
留学签证 课堂作业 英语教育 英语课堂 英语教材 英语考试 英语论文 英语课程 英语老师 数学考试 数学论文 数学方法
数学课程 数学模型 数学老师 毕业考试 毕业论文 实习医生 阅读辅导 校园篮球 校园歌手 财经大学 财经论文 股票投资
股票市场 股票价格 股票代码 股票软件 银行债券 银行利率 银行贷款 投资银行 投资选择 债券市场 汇率问题 保险市场
市场经济 黄金价格 黄金电影 黄金市场 期货价格 期货市场 上市民宿 分红辣椒 经济论文 经济模型 影视音乐 影视动画
影视剧本 电影剧本 电影演员 电影票房 音乐教育 动画电影 动画图片 配音演员 舞台剧本 粉丝汤圆 大全智能 大全面条
大全民宿 大全攻略 大全体能 大全新手 新手续集 新手入门 新手球员 视频剪辑 选择网络
"""

GLUED: frozenset[str] = frozenset(_GLUED.split())
