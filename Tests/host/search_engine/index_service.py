"""Ranks what the index finds: a prediction for each candidate, at the position the search gave it."""

from datetime import datetime


class IndexService:
    def __init__(self, index_service):
        self.index_service = index_service

    def rank(self, query, doc_ids, top_k=10, sort_mode="tfidf", model_type=None):
        found = self.index_service.search(query, top_k=max(len(doc_ids), 50))
        found = [result for result in found if result[0] in doc_ids]
        if sort_mode != "ctr":
            return sorted(found, key=lambda result: result[1], reverse=True)[:top_k]
        from .service_manager import service_manager

        service, now = service_manager.model_service, datetime.now().isoformat()
        ranked = []
        for position, (doc_id, score, summary) in enumerate(found, 1):
            features = {"query": query, "doc_id": doc_id, "position": position, "score": score, "summary": summary}
            ranked.append((doc_id, score, service.predict_ctr({**features, "timestamp": now}, model_type), summary))
        return sorted(ranked, key=lambda result: result[2], reverse=True)[:top_k]
