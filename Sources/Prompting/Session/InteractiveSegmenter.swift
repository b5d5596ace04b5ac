public import Imaging

/// What an annotator needs of a model: sessions on images.
///
/// Servers and stores of annotations see this protocol and nothing of the networks, so they are built and
/// tested without libtorch. `Segmentation` has the implementation.
public protocol InteractiveSegmenter: Sendable {
    /// What the model is, and what it can do.
    var description: SegmenterDescription { get }

    /// Begins the work on a plane; nothing is computed yet.
    ///
    /// - Parameters:
    ///   - plane: The pixels.
    ///   - id: By what the plane is recognised; a plane that was open before finds its embeddings again.
    func session(on plane: any PixelSource, id: String) -> any InteractiveSession
}

/// What the model of an ``InteractiveSegmenter`` is.
public struct SegmenterDescription: Hashable, Codable, Sendable {
    /// The name in the model registry, or of the kind of networks.
    public var name: String

    /// The hash of the weights; nil if it is not known.
    public var hash: String?

    /// The modes of automatic segmentation that the model allows; the suited one first.
    public var modes: [AutomaticMode]

    /// The options of automatic segmentation that suit the model.
    public var suitedOptions: AutomaticSegmentationOptions

    /// Describes a model.
    public init(
        name: String,
        hash: String?,
        modes: [AutomaticMode],
        suitedOptions: AutomaticSegmentationOptions
    ) {
        self.name = name
        self.hash = hash
        self.modes = modes
        self.suitedOptions = suitedOptions
    }
}

/// How far the work on a plane is.
public enum SessionState: Hashable, Sendable {
    /// Nothing was computed yet.
    case new
    /// The plane is being embedded.
    case preparing
    /// Prompts are answered without an encoder pass, as far as memory holds the embeddings.
    case ready
    /// The plane cannot be embedded, for this reason.
    case failed(String)
    /// The session was closed.
    case closed
}

/// The work on one plane: prompts, previews and automatic segmentation.
///
/// What becomes of a request in each state:
///
/// | Request | new | preparing | ready | failed | closed |
/// |---|---|---|---|---|---|
/// | `prepare` | becomes *preparing*, then *ready* or *failed* | waits for the same | returns at once | tries again | ``SessionError/closed`` |
/// | `predict` | embeds what it needs, then answers | goes first between two blocks of the encoder | answers | tries again | ``SessionError/closed`` |
/// | `follow` | as `predict` | waits | answers | tries again | ``SessionError/closed`` |
/// | `preview` | nil | nil | answers | nil | ``SessionError/closed`` |
/// | `automatic` | prepares first | waits | answers from the first stage that a changed option touches | tries again | ``SessionError/closed`` |
/// | `close` | becomes *closed* | ends the work, becomes *closed* | becomes *closed* | becomes *closed* | nothing |
///
/// Requests overtake each other: a prompt goes before a preview, a preview before automatic segmentation and objects that
/// are followed, and these before a preparation. A newer preview replaces an older one of the session, and newer automatic
/// segmentation an older one: what is replaced throws `CancellationError`, before it began if it was waiting.
/// Every request is cancelled with its task or its ``Work``.
///
/// The state follows from what there is for prompts: a request that is cancelled, or that was overtaken, takes nothing
/// back. A grid of points divides the plane for itself and changes no state.
public protocol InteractiveSession: Sendable {
    /// Width and height of the plane.
    var size: Size { get }

    /// How far the work is.
    var state: SessionState { get }

    /// Embeds the plane, so that prompts are answered at once.
    ///
    /// - Throws: What reading and computing throw; ``SessionError/closed``; `CancellationError`.
    func prepare(_ work: Work) async throws

    /// The masks of an object that a point would give, from the smallest to the largest; nil as long as the
    /// session is not ready.
    ///
    /// - Throws: As ``predict(_:_:keepsLogits:_:)``.
    func preview(at point: Point<OriginalPixels>, _ work: Work) async throws -> [PredictedMask]?

    /// The masks of objects from their prompts.
    ///
    /// - Parameter keepsLogits: Whether the logits of the masks are returned, too, so that the caller can choose
    ///   another threshold.
    /// - Returns: Masks in the order of the objects.
    /// - Throws: An error that names the object whose prompts cannot be used; ``SessionError/closed``;
    ///   `CancellationError`.
    func predict(
        _ objects: [PromptedObject],
        _ options: PromptOptions,
        keepsLogits: Bool,
        _ work: Work
    ) async throws -> [PredictedMask]

    /// The masks of objects on their way through a volume or a movie: those of ``predict(_:_:keepsLogits:_:)``, but
    /// behind prompts and previews, so that somebody can go on working meanwhile.
    ///
    /// - Returns: Masks in the order of the objects.
    /// - Throws: As ``predict(_:_:keepsLogits:_:)``.
    func follow(
        _ objects: [PromptedObject],
        _ options: PromptOptions,
        _ work: Work
    ) async throws -> [PredictedMask]

    /// All objects of the plane.
    ///
    /// - Throws: An error of an option out of range; ``SessionError/closed``; `CancellationError`.
    func automatic(
        _ options: AutomaticSegmentationOptions,
        _ work: Work
    ) async throws -> LabelImage

    /// Ends all requests, and gives back what was kept for the plane.
    func close()
}

extension InteractiveSession {
    /// Answers as for prompts, for sessions that have no precedence.
    public func follow(
        _ objects: [PromptedObject],
        _ options: PromptOptions,
        _ work: Work
    ) async throws -> [PredictedMask] {
        try await predict(objects, options, keepsLogits: false, work)
    }

    /// The masks of objects from their prompts, without their logits.
    ///
    /// - Throws: As ``predict(_:_:keepsLogits:_:)``.
    public func predict(
        _ objects: [PromptedObject],
        _ options: PromptOptions = PromptOptions(),
        _ work: Work = Work()
    ) async throws -> [PredictedMask] {
        try await predict(objects, options, keepsLogits: false, work)
    }
}

/// Why a session does not answer.
public enum SessionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The session was closed.
    case closed

    /// What is wrong, and what to do.
    public var description: String { "the session on this image was closed; open it again" }
}
