import Testing

@Suite("Annotation server")
struct ServerTests {}
