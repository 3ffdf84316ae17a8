"""The one place where the services find each other."""

from .model_service import ModelService


class ServiceManager:
    def __init__(self):
        self._model_service = None

    @property
    def model_service(self):
        if self._model_service is None:
            self._model_service = ModelService()
        return self._model_service


service_manager = ServiceManager()
