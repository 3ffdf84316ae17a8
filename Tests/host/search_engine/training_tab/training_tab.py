"""What the training page's button does: trains either slot and shows what came of it."""

from .ctr_config import CTRModelConfig


def create_model_instance(model_type):
    if model_type == "logistic_regression":
        from .ctr_model import CTRModel as model_class
    elif model_type == "wide_and_deep":
        from .ctr_wide_deep_model import WideAndDeepCTRModel as model_class
    else:
        raise ValueError(f"不支持的模型类型: {model_type}")
    return model_class()


def train_ctr_model_direct(ctr_model, data_service, model_type="logistic_regression"):
    """Three pieces of HTML: what happened, the metrics, the features by weight."""
    records = data_service.get_all_samples()
    if len(records) < 10:
        return "<p>训练数据不足</p>", "", ""
    model = ctr_model if model_type == "logistic_regression" else create_model_instance(model_type)
    result = model.train(records)
    if "error" in result:
        return f"<p>❌ 训练失败: {result['error']}</p>", "", ""
    name = CTRModelConfig.get_model_config(model_type)["name"]
    status = f"<h4>CTR模型训练成功</h4><p>{name}</p><p>AUC: {result['auc']:.4f}</p><p>{result['train_samples']}</p>"
    metrics = "".join(
        f"<li>{key}: {result[key]:.4f}</li>" for key in ("precision", "recall", "f1", "train_score", "test_score")
    )
    features = {**result["feature_weights"], **result.get("feature_importance", {})}
    best = sorted(features.items(), key=lambda item: item[1], reverse=True)[:10]
    return status, f"<ul>{metrics}</ul>", "".join(f"<li>{feature}: {weight:.4f}</li>" for feature, weight in best)
