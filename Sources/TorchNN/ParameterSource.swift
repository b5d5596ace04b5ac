public import Torch

/// Where the values of a model's parameters come from: a checkpoint, or an initial distribution.
public protocol ParameterSource {
    /// Names the source for messages, usually the path of a file.
    var name: String { get }

    /// All parameters there are.
    var parameterNames: [String] { get }

    /// The shape of a parameter, or nil if there is none of this name.
    func shape(of parameter: String) -> [Int]?

    /// The values of a parameter, float32, on the CPU.
    func values(of parameter: String) throws(ParameterError) -> Tensor
}

/// A parameter source over tensors in memory.
public struct TensorDictionary: ParameterSource {
    /// Names the source for messages.
    public let name: String

    private let tensors: [String: Tensor]

    /// Serves the given tensors.
    public init(_ tensors: [String: Tensor], name: String) {
        self.tensors = tensors
        self.name = name
    }

    /// All names, sorted.
    public var parameterNames: [String] { tensors.keys.sorted() }

    /// The shape of one tensor.
    public func shape(of parameter: String) -> [Int]? { tensors[parameter]?.shape }

    /// One tensor, as float32 on the CPU.
    public func values(of parameter: String) throws(ParameterError) -> Tensor {
        guard let tensor = tensors[parameter] else {
            throw .missing(parameter, source: name)
        }
        do {
            return try tensor.converted(to: .float32).moved(to: .cpu)
        } catch {
            throw .tensor(parameter, error)
        }
    }
}

/// What can go wrong when a model is built from a parameter source.
public enum ParameterError: Error, Sendable {
    /// The model needs a parameter that the source does not have.
    case missing(String, source: String)

    /// A parameter has another shape than the model expects.
    case shapeMismatch(String, expected: [Int], found: [Int], source: String)

    /// The source has parameters that no part of the model asked for.
    case unclaimed([String], source: String)

    /// Values are not finite numbers, or too large for single precision.
    case notFinite(String, source: String)

    /// The values could not be read.
    case unreadable(String, reason: String)

    /// libtorch failed while the parameter was prepared.
    case tensor(String, TensorError)
}

extension ParameterError: CustomStringConvertible {
    /// Which parameter, which shapes, which file, and what to do.
    public var description: String {
        switch self {
        case .missing(let parameter, let source):
            return "\(source): the parameter \(parameter) is missing. "
                + "The file may belong to another model type, or be incomplete"
        case .shapeMismatch(let parameter, let expected, let found, let source):
            return "\(source): the parameter \(parameter) has shape \(found), "
                + "the model expects \(expected). The file may belong to another model type"
        case .unclaimed(let parameters, let source):
            let shown = parameters.prefix(5).joined(separator: ", ")
            let more = parameters.count > 5 ? " and \(parameters.count - 5) more" : ""
            return "\(source): the model has no place for \(shown)\(more)"
        case .notFinite(let parameter, let source):
            return
                "\(source): the parameter \(parameter) holds NaN, infinite or far too large numbers, with which "
                + "the model finds nothing. Download or copy the file again; if it comes from a training, take "
                + "an earlier checkpoint"
        case .unreadable(let parameter, let reason):
            return "the parameter \(parameter) could not be read: \(reason)"
        case .tensor(let parameter, let error):
            return "the parameter \(parameter) could not be prepared: \(error)"
        }
    }
}
