"""Adapters for other programs: Scrapy, Elasticsearch and OpenSearch, Kafka, LangChain, LlamaIndex. Each is a module to be imported by name;
none of those programs is needed to import this package."""
