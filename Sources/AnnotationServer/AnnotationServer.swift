public import Annotations
public import Foundation
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// The server of the annotator on the user's own machine.
///
/// ```swift
/// let server = AnnotationServer(try Project.open(at: url), options, models: models)
/// try await server.run { address in print(address) }
/// ```
public final class AnnotationServer: Sendable {
    /// How a server is reached, and what it may touch.
    public struct Options: Sendable {
        /// The address to listen at: the loopback interface by default.
        public var host = "127.0.0.1"

        /// The port; 0 for any that is free.
        public var port = 0

        /// Names of this machine that requests may use beside those of the loopback interface.
        public var hostNames: Set<String> = []

        /// The secret that opens the server.
        public var key = AccessKey()

        /// The folder of the page.
        public var page: URL

        /// By what a page recognises the project, whose gestures it may keep while the server is away.
        public var id: String

        /// The folders, or files in the folders, that may be read beside that of the project.
        public var folders: [String] = []

        /// A folder for what can be made again, such as resolution levels; it must exist.
        public var cacheFolder: String

        /// The name of the model to begin with.
        public var model: String

        /// Whether the opacity of grey pixels takes part in what a model sees, as in micro-sam.
        public var keepsOpacity = false

        /// How long a client may read nothing of an answer before its connection ends.
        public var patience = Duration.seconds(60)

        /// Whether the page offers a guided tour.
        public var offersTour = false

        /// Options for a project.
        public init(id: String, model: String, page: URL, cacheFolder: String) {
            self.id = id
            self.model = model
            self.page = page
            self.cacheFolder = cacheFolder
        }
    }

    private let options: Options
    private let state: ServerState

    /// Serves a project.
    ///
    /// - Parameters:
    ///   - models: Where models come from; the first one is loaded beside the work.
    ///   - trainer: Trains models; nil where that is not offered.
    public init(
        _ project: Project,
        _ options: Options,
        models: any ModelSource,
        trainer: (any ModelTrainer)? = nil
    ) {
        self.options = options
        state = ServerState(project, options, models, trainer)
    }

    /// What the server can be asked for, in the order of the contract.
    public var operations: [Operation] { state.routes.map(Operation.init) }

    /// Serves until the task is cancelled; what was answered is kept.
    ///
    /// - Parameter ready: Given the address to open, with its token.
    /// - Throws: What the system says if the port cannot be had.
    public func run(_ ready: @escaping @Sendable (URL) -> Void = { _ in }) async throws {
        var logger = Logger(label: "usam")
        logger.logLevel = .critical
        var application = application { port in
            if let address = self.address(port: port) { ready(address) }
        }
        application.logger = logger
        var configuration = ServiceGroupConfiguration(
            services: [.init(service: application)],
            logger: logger
        )
        // Clients that do not finish are not waited for.
        configuration.maximumGracefulShutdownDuration = .seconds(2)
        let group = ServiceGroup(configuration: configuration)
        do {
            try await serve(group)
        } catch {
            await state.close()
            throw error
        }
        await state.close()
    }

    /// Serves until the task is cancelled.
    ///
    /// The server itself is not cancelled but asked to end: a cancelled one drops connections that it has
    /// accepted and not yet served, and the network library ends the program for that.
    private func serve(_ group: ServiceGroup) async throws {
        let listening = Task { try await listen(group) }
        let pinging = Task { try await ping() }
        // A model that cannot be loaded is told to the pages.
        let loading = Task { _ = try? await state.models.segmenter() }
        defer {
            pinging.cancel()
            loading.cancel()
        }
        try await withTaskCancellationHandler {
            try await listening.value
        } onCancel: {
            state.hub.close()
            Task { await group.triggerGracefulShutdown() }
        }
    }

    /// The address to open at a port.
    public func address(port: Int) -> URL? {
        let host = options.host == "0.0.0.0" ? "127.0.0.1" : options.host
        return URL(string: "http://\(host):\(port)/?token=\(options.key.token)")
    }

    private func listen(_ group: ServiceGroup) async throws {
        do {
            try await group.run()
        } catch let error as IOError {
            guard error.errnoCode != EADDRINUSE else {
                throw AnnotationServerError.portTaken(options.port)
            }
            throw AnnotationServerError.cannotListen(
                host: options.host,
                port: options.port,
                reason: error.description
            )
        }
    }

    private func ping() async throws {
        while true {
            try await Task.sleep(for: .seconds(15))
            state.hub.ping()
        }
    }

    /// The server as Hummingbird runs it.
    private func application(
        _ running: @escaping @Sendable (Int) -> Void
    ) -> Application<RouterResponder<BasicRequestContext>> {
        let (pages, patience) = (WebFiles(options.page), options.patience)
        let router = Router()
        router.add(middleware: Gate(key: options.key, hosts: options.hostNames))
        for route in state.routes {
            router.on(RouterPath(Route.prefix + route.path), method: route.method) {
                request,
                context in
                try await route.respond(to: request, context)
            }
        }
        router.get("/") { request, _ in try pages.answer(request) }
        router.get("/**") { request, _ in try pages.answer(request) }
        return Application(
            router: router,
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [StalledAnswers(patience: TimeAmount(patience))],
                    idleTimeout: .seconds(60)
                )
            ),
            configuration: .init(address: .hostname(options.host, port: options.port)),
            onServerRunning: { channel in running(channel.localAddress?.port ?? 0) }
        )
    }
}
