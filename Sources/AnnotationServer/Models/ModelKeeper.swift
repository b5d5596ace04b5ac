import Prompting

/// The model that is used: it is loaded beside the work of the server, and can be changed.
actor ModelKeeper {
    /// How far the model is, for pages.
    struct State: Encodable, Sendable {
        enum Progress: String, Encodable {
            case loading, ready, failed
        }

        let name: String
        let state: Progress
        let description: SegmenterDescription?
        let message: String?
    }

    private let source: any ModelSource
    private let hub: EventHub
    private var loading: Task<any InteractiveSegmenter, any Error>?
    private(set) var state: State

    /// - Parameter name: The model of the start.
    init(_ source: any ModelSource, name: String, _ hub: EventHub) {
        self.source = source
        self.hub = hub
        state = State(name: name, state: .loading, description: nil, message: nil)
    }

    /// All models there are.
    func choices() async throws -> [ModelChoice] { try await source.choices() }

    /// What the model is; nil until it is loaded.
    var description: SegmenterDescription? { state.description }

    /// The model, when it is loaded.
    func segmenter() async throws -> any InteractiveSegmenter {
        if loading == nil { begin(state.name) }
        guard let loading else { throw CancellationError() }
        return try await loading.value
    }

    /// Loads another model; the one before stays if that fails.
    func use(_ name: String) async throws -> any InteractiveSegmenter {
        let before = (loading, state)
        begin(name)
        do {
            return try await segmenter()
        } catch {
            if state.name == name {
                (loading, state) = before
                hub.tell(.model, state)
            }
            throw error
        }
    }

    private func begin(_ name: String) {
        set(State(name: name, state: .loading, description: nil, message: nil))
        let task = Task { [source] in
            do {
                return try await source.load(name, Work())
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                throw ServerError.modelFailed(name, error)
            }
        }
        loading = task
        Task {
            switch await task.result {
            case .success(let model):
                // People know the model by the name that they chose.
                var description = model.description
                description.name = name
                self.finish(
                    task,
                    State(name: name, state: .ready, description: description, message: nil)
                )
            case .failure(let error):
                let message = ServerError(error).description
                self.finish(
                    task,
                    State(name: name, state: .failed, description: nil, message: message)
                )
            }
        }
    }

    private func finish(_ task: Task<any InteractiveSegmenter, any Error>, _ state: State) {
        guard loading == task else { return }
        // What failed is tried again by the next request.
        if state.state == .failed { loading = nil }
        set(state)
    }

    private func set(_ state: State) {
        self.state = state
        hub.tell(.model, state)
    }
}
