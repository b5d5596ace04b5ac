import Imaging
import SegmentAnything
import Synchronization
import Torch

/// What a model has made of an embedding and may need again: the tokens of its image, and maps.
///
/// Belongs to one model at a time; what another one made is forgotten.
final class EmbeddingPreparations: Sendable {
    private struct State {
        var model: SegmentAnythingModel.Identity?
        var tokens: PreparedEmbedding?
        var maps: InstanceMaps?
        var tell: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// Bytes that are kept.
    var byteCount: Int {
        state.withLock { state in
            let maps = state.maps.map { 3 * $0.size.count * MemoryLayout<Float>.size } ?? 0
            return (state.tokens?.byteCount ?? 0) + maps
        }
    }

    /// Says what is told when more bytes are kept.
    func tellGrowth(_ tell: @escaping @Sendable () -> Void) { state.withLock { $0.tell = tell } }

    /// The tokens of the image, made by `prepare` if they are not known.
    ///
    /// - Parameter isShared: Whether there are enough objects for the common preparation to pay. A result
    ///   does not depend on what was prepared before.
    func tokens(
        for model: SegmentAnythingModel,
        isShared: Bool,
        prepare: () throws(TensorError) -> PreparedEmbedding
    ) throws(TensorError) -> PreparedEmbedding {
        let known = value(of: model, \.tokens)
        let tokens = try withInferenceMode { () throws(TensorError) in
            let tokens: PreparedEmbedding
            if let known { tokens = known } else { tokens = try prepare() }
            return isShared ? try model.maskDecoder.shared(tokens) : tokens
        }
        keep(tokens, of: model, \.tokens)
        return isShared ? tokens : tokens.unshared
    }

    /// The maps of the decoder, made by `predict` if they are not known.
    func maps(
        for model: SegmentAnythingModel,
        predict: () throws -> InstanceMaps
    ) throws -> InstanceMaps {
        if let maps = value(of: model, \.maps) { return maps }
        let maps = try predict()
        keep(maps, of: model, \.maps)
        return maps
    }

    private func value<Value: Sendable>(
        of model: SegmentAnythingModel,
        _ path: KeyPath<State, Value?>
    ) -> Value? {
        state.withLock { $0.model === model.identity ? $0[keyPath: path] : nil }
    }

    private func keep<Value: Sendable>(
        _ value: Value,
        of model: SegmentAnythingModel,
        _ path: WritableKeyPath<State, Value?>
    ) {
        let tell = state.withLock { state in
            if state.model !== model.identity {
                state = State(model: model.identity, tell: state.tell)
            }
            state[keyPath: path] = value
            return state.tell
        }
        tell?()
    }
}
