"""The desk and the service: pages where editors work, and HTTP that pipelines call, on one index."""
