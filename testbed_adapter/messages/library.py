"""The Swift library: why it cannot be loaded, and what leads its own errors, which are English, in Chinese."""

from __future__ import annotations

from . import Message

# By status, as bridge/include/ctr_models.h numbers them. The library's own words follow.
INVALID_ARGUMENT = Message("{core}", "参数无效: {core}")
INVALID_DATA = Message("{core}", "数据不可用: {core}")
NOT_TRAINED = Message("{core}", "模型尚未训练: {core}")
IO_ERROR = Message("{core}", "文件读写失败: {core}")
BAD_MODEL_FILE = Message("{core}", "不是可用的模型文件: {core}")
CANCELLED = Message("{core}", "已中止: {core}")
OUT_OF_MEMORY = Message("{core}", "内存不足: {core}")
OTHER = Message("{core}", "模型库内部错误: {core}")
DIVERGED = Message("{core}", "训练没有收敛: {core}")
STATUS = Message("status {status}", "状态码 {status}")

NULL_IN_PATH = Message("embedded null byte in the path", "路径中含有空字符")
NO_OPTION = Message(
    "{name} = {value!r}; it must be a finite number, text or a list ({error})",
    "{name} = {value!r}；应为有限的数值、文本或列表（{error}）",
)
UNEQUAL = Message(
    "mean and scale must be as long as one another, not {means} and {scales}",
    "mean 与 scale 应一样长，实际是 {means} 和 {scales}",
)

NOT_LOADED = Message(
    "{library} cannot be loaded. Tried:\n  {problems}\n{advice}", "无法加载 {library}。已尝试:\n  {problems}\n{advice}"
)
NO_FILE = Message("{path}: no such file", "{path}: 没有这个文件")
PROBLEM = Message("{path}: {error}", "{path}: {error}")
PACKAGE = Message("the package {path}, version {version},", "本包 {path}（版本 {version}）")
NO_SYMBOL = Message(
    "of ABI version {abi} but older than {package} (undefined symbol: {name}); {package} speaks ABI version {abi}",
    "ABI 版本为 {abi}，但比{package}旧（缺少符号: {name}）；{package}使用 ABI 版本 {abi}",
)
NOT_OURS = Message(
    "not this package's library (undefined symbol: {name}); {package} speaks ABI version {abi}",
    "不是本包的库（缺少符号: {name}）；{package}使用 ABI 版本 {abi}",
)
OLDER_LIBRARY = Message(
    "its ABI version is {version}, this package speaks version {abi}: {package} is not for this library{build}. The "
    "library is the older one: build or install the library anew",
    "其 ABI 版本为 {version}，本包使用版本 {abi}: {package}不适用于这个库{build}。库较旧: 请重新构建或安装库",
)
OLDER_PACKAGE = Message(
    "its ABI version is {version}, this package speaks version {abi}: {package} is not for this library{build}. The "
    "package is the older one: install the package anew, with the library's own version",
    "其 ABI 版本为 {version}，本包使用版本 {abi}: {package}不适用于这个库{build}。本包较旧: 请重新安装与库版本一致的包",
)
OTHER_VERSION = Message(
    "it is version {version} of the library; {package} needs that of its own version: build or install both from the "
    "same sources",
    "它是版本 {version} 的库；{package}需要同版本的库: 请从同一份代码构建或安装两者",
)
NAMED_BY = Message(
    "{variable} names it: correct that, or unset it to use the library of the package.",
    "它由环境变量 {variable} 指定: 请改正，或取消该变量以使用本包的库。",
)
BUILD_IT = Message("Build it with:  make -C {root} library", "构建它:  make -C {root} library")
INSTALL_IT = Message(
    "Install the package with its library:  pip install .   (in a checkout of the project)",
    "请安装带库的包:  pip install .   （在本项目的检出目录中）",
)
