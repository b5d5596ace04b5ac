/// Why the server of the annotator does not run.
public enum AnnotationServerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another program has the port.
    case portTaken(Int)

    /// The address cannot be listened at, for this reason.
    case cannotListen(host: String, port: Int, reason: String)

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .portTaken(let port): "port \(port) is taken; choose another"
        case .cannotListen(let host, let port, let reason):
            "cannot listen at \(host), port \(port): \(reason)"
        }
    }
}
