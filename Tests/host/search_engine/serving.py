"""The routes of the model service, which the testbed has in model_service.py. Flask is only imported where they run."""

from flask import jsonify, request

TYPES = {"logistic_regression": "pickle", "wide_and_deep": "tensorflow"}


def add_routes(app, service):
    def described(name):
        status = "loaded" if service.get_model_instance(name).is_trained else "unloaded"
        return {"name": name, "status": status, "type": TYPES.get(name, "tensorflow")}

    def inputs(empty):
        return (request.get_json() or {}).get("inputs", empty)

    @app.get("/health")
    def health():
        trained = service.ctr_model.is_trained
        return jsonify(status="healthy", model_type=service.current_model_type, model_trained=trained)

    @app.get("/v1/models")
    def list_models():
        return jsonify(model=[described(name) for name in TYPES])

    @app.get("/v1/models/<name>")
    def get_model_info(name):
        return jsonify(model=described(name))

    @app.post("/v1/models/<name>/predict")
    def predict(name):
        given = inputs({})
        if not given:
            return jsonify(error="No inputs provided"), 400
        return jsonify(outputs={"ctr_score": service.predict_ctr(given, name)})

    @app.post("/v1/models/<name>/batch_predict")
    def batch_predict(name):
        given = inputs([])
        if not given:
            return jsonify(error="No inputs provided"), 400
        return jsonify(outputs=[{"ctr_score": service.predict_ctr(one, name)} for one in given])
