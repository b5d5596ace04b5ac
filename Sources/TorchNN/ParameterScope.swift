public import Torch

/// What networks are built for.
public enum NetworkUse: Hashable, Sendable {
    /// Prediction: whatever can be computed once is, and the measured kernels are used.
    case inference
    /// Training: every operation can be differentiated, down to the parameters of the source.
    ///
    /// - Parameter usesBatchStatistics: Whether batch normalisations use the statistics of their input and
    ///   move their running statistics, in place, or use the running statistics as they are.
    case training(usesBatchStatistics: Bool)
}

/// Builds models from a parameter source and remembers which parameters have been used.
public final class ParameterStore {
    /// Where the values come from.
    public let source: any ParameterSource

    /// Where the parameters are put.
    public let device: Device

    /// What the networks are built for.
    public let use: NetworkUse

    private var claimed: Set<String> = []

    /// Reads from `source` and puts parameters on `device`.
    public init(
        _ source: any ParameterSource,
        on device: Device = .cpu,
        for use: NetworkUse = .inference
    ) {
        self.source = source
        self.device = device
        self.use = use
    }

    /// The scope that holds every parameter.
    public var root: ParameterScope { ParameterScope(store: self, path: "") }

    /// Checks that the model has used every parameter of the source.
    ///
    /// - Parameter isOptional: Names for which this returns true may remain unused.
    /// - Throws: ``ParameterError/unclaimed(_:source:)``.
    public func requireAllClaimed(
        except isOptional: (String) -> Bool = { _ in false }
    ) throws(ParameterError) {
        let rest = source.parameterNames.filter { !claimed.contains($0) && !isOptional($0) }
        if !rest.isEmpty { throw .unclaimed(rest, source: source.name) }
    }

    func read(_ name: String, shape: [Int]?) throws(ParameterError) -> Tensor {
        guard let found = source.shape(of: name) else {
            throw .missing(name, source: source.name)
        }
        if let shape, found != shape {
            throw .shapeMismatch(name, expected: shape, found: found, source: source.name)
        }
        claimed.insert(name)
        let values = try source.values(of: name)
        do {
            return try values.moved(to: device)
        } catch {
            throw .tensor(name, error)
        }
    }
}

/// A place in the tree of parameter names.
///
/// ```swift
/// let block = store.root["image_encoder"]["blocks"][3]
/// let weight = try block["norm1"].parameter("weight", shape: [768])
/// ```
public struct ParameterScope {
    let store: ParameterStore

    /// How the products of fused layers are computed.
    private var precision = ProductPrecision.float32

    /// The names of the enclosing scopes, joined by dots.
    public let path: String

    init(store: ParameterStore, path: String) { (self.store, self.path) = (store, path) }

    /// A scope inside this one.
    public subscript(name: String) -> ParameterScope {
        var scope = ParameterScope(store: store, path: path.isEmpty ? name : "\(path).\(name)")
        scope.precision = precision
        return scope
    }

    /// The same scope, in which products of fused layers are computed with this precision.
    public func with(_ precision: ProductPrecision) -> ParameterScope {
        var scope = self
        scope.precision = precision
        return scope
    }

    /// An element of a numbered sequence of layers.
    public subscript(index: Int) -> ParameterScope { self["\(index)"] }

    /// Where the parameters are put.
    public var device: Device { store.device }

    /// Whether the networks are to be trained.
    public var isTraining: Bool { store.use != .inference }

    /// Whether batch normalisations use the statistics of their input.
    public var usesBatchStatistics: Bool { store.use == .training(usesBatchStatistics: true) }

    /// Whether the source has a parameter of this name in this scope.
    public func contains(_ name: String) -> Bool {
        store.source.shape(of: self[name].path) != nil
    }

    /// The shape of a parameter, or nil if the source has none of this name.
    public func shape(of name: String) -> [Int]? {
        store.source.shape(of: self[name].path)
    }

    /// The values of a parameter that must have exactly this shape.
    ///
    /// - Throws: ``ParameterError`` if it is missing, has another shape, or cannot be read.
    public func parameter(_ name: String, shape: [Int]) throws(ParameterError) -> Tensor {
        try store.read(self[name].path, shape: shape)
    }

    /// Derives a constant from parameters; failures name this scope.
    public func derive(
        _ body: () throws(TensorError) -> Tensor
    ) throws(ParameterError) -> Tensor {
        do {
            return try body()
        } catch {
            throw .tensor(path, error)
        }
    }

    /// Arranges a layer for the kernels, unless it is to be trained; failures name this scope.
    public func fused(_ layer: Linear) throws(ParameterError) -> FusedLinear {
        do {
            return try isTraining
                ? FusedLinear(plain: layer) : FusedLinear(layer, precision: precision)
        } catch {
            throw .tensor(path, error)
        }
    }
}
