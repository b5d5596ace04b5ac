import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// One request for the rest of a file.
///
/// All callbacks come on one serial queue; so the stored properties need no lock.
final class Transfer: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    // Safe because after `run` has started the request, everything mutable is touched by the callbacks of
    // the session alone, whose queue runs one operation at a time.

    /// A failure after which another attempt may succeed.
    struct Failure: Sendable {
        let reason: String
        /// Whether not even a connection could be made.
        var isOffline = false
    }

    private let file: RegisteredFile
    private let part: PartialFile
    private let progress: Downloader.ProgressHandler?
    private let offset: Int
    private var total: Int?
    private var failure: Failure?
    private var error: ModelZooError?
    private var isComplete = false
    private var lastReport = Date.distantPast
    private var continuation: CheckedContinuation<Failure?, any Error>?

    init(file: RegisteredFile, part: PartialFile, progress: Downloader.ProgressHandler?) {
        self.file = file
        self.part = part
        self.progress = progress
        offset = part.byteCount
    }

    /// Transfers the rest of the file.
    ///
    /// - Returns: nil when the server has sent all, else what interrupted it.
    /// - Throws: ``ModelZooError`` where repeating is useless; `CancellationError`.
    func run(idleTimeout: Double) async throws -> Failure? {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = idleTimeout
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        let queue = OperationQueue()
        queue.maxConcurrentOperationCount = 1
        let session = URLSession(configuration: configuration, delegate: self, delegateQueue: queue)
        defer { session.finishTasksAndInvalidate() }
        var request = URLRequest(url: file.url)
        request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
        request.setValue("usam", forHTTPHeaderField: "User-Agent")
        if offset > 0 { request.setValue("bytes=\(offset)-", forHTTPHeaderField: "Range") }
        let task = session.dataTask(with: request)
        let result = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                self.continuation = continuation
                task.resume()
            }
        } onCancel: {
            task.cancel()
        }
        try Task.checkCancellation()
        return result
    }

    // MARK: - Callbacks

    func urlSession(
        _ session: URLSession,
        dataTask: URLSessionDataTask,
        didReceive response: URLResponse,
        completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
    ) {
        do throws(ModelZooError) {
            completionHandler(try accept(response) ? .allow : .cancel)
        } catch {
            self.error = error
            completionHandler(.cancel)
        }
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        guard error == nil, failure == nil else { return }
        do throws(ModelZooError) {
            try part.append(data)
            report(always: false)
        } catch {
            self.error = error
            dataTask.cancel()
        }
    }

    func urlSession(
        _ session: URLSession,
        task: URLSessionTask,
        didCompleteWithError problem: (any Error)?
    ) {
        report(always: true)
        let continuation = continuation
        self.continuation = nil
        if let error {
            continuation?.resume(throwing: error)
        } else if isComplete {
            continuation?.resume(returning: nil)
        } else if let failure {
            continuation?.resume(returning: failure)
        } else if let problem {
            continuation?.resume(returning: Transfer.failure(for: problem))
        } else if let total, part.byteCount != total {
            continuation?.resume(
                returning: Failure(
                    reason: "the connection ended after \(part.byteCount) of \(total) bytes"
                )
            )
        } else {
            continuation?.resume(returning: nil)
        }
    }

    // MARK: - Decisions

    /// Looks at the head of the answer.
    ///
    /// Returns whether its body is wanted.
    private func accept(_ response: URLResponse) throws(ModelZooError) -> Bool {
        guard let response = response as? HTTPURLResponse else { return true }
        let length = response.value(forHTTPHeaderField: "Content-Length").flatMap { Int($0) }
        switch response.statusCode {
        case 206 where start(of: response) == offset:
            total = length.map { $0 + offset }
            return true
        case 200:
            // The whole file, because nothing was there or the server cannot resume.
            try part.clear()
            total = length
            return true
        case 206, 416:
            return try restart(response)
        case 408, 429, 500...599:
            failure = Failure(reason: "the server answers with status \(response.statusCode)")
            return false
        default:
            throw .serverRefused(
                url: file.url,
                status: response.statusCode,
                file: part.destination.path
            )
        }
    }

    /// The server has nothing behind our offset: either all is there, or the file has changed.
    private func restart(_ response: HTTPURLResponse) throws(ModelZooError) -> Bool {
        let range = response.value(forHTTPHeaderField: "Content-Range") ?? ""
        if response.statusCode == 416, offset > 0, range.hasSuffix("/\(offset)") {
            isComplete = true
            return false
        }
        guard offset > 0 else {
            throw .serverRefused(
                url: file.url,
                status: response.statusCode,
                file: part.destination.path
            )
        }
        try part.clear()
        failure = Failure(reason: "the server sent a different part of the file")
        return false
    }

    /// The first byte of a partial answer, from `Content-Range: bytes first-last/total`.
    private func start(of response: HTTPURLResponse) -> Int? {
        guard let range = response.value(forHTTPHeaderField: "Content-Range"),
            range.lowercased().hasPrefix("bytes ")
        else { return nil }
        return Int(range.dropFirst(6).prefix { $0.isNumber })
    }

    private func report(always: Bool) {
        guard let progress else { return }
        let now = Date()
        guard always || now.timeIntervalSince(lastReport) >= 0.1 else { return }
        lastReport = now
        progress(
            Downloader.Progress(
                name: file.name,
                receivedByteCount: part.byteCount,
                totalByteCount: total
            )
        )
    }

    private static func failure(for problem: any Error) -> Failure {
        guard let problem = problem as? URLError else {
            return Failure(reason: problem.localizedDescription)
        }
        switch problem.code {
        case .notConnectedToInternet:
            return Failure(reason: "there is no network", isOffline: true)
        case .cannotFindHost, .dnsLookupFailed:
            return Failure(
                reason: "the server's name cannot be resolved, so there seems to be no network",
                isOffline: true
            )
        case .cannotConnectToHost:
            return Failure(reason: "the server cannot be reached", isOffline: true)
        case .timedOut: return Failure(reason: "the server does not answer")
        case .networkConnectionLost: return Failure(reason: "the connection broke")
        case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate:
            return Failure(reason: "the secure connection failed", isOffline: true)
        case .unsupportedURL, .badURL:
            return Failure(reason: "this kind of address is not supported", isOffline: true)
        default:
            return Failure(reason: "\(problem.localizedDescription) (\(problem.code.rawValue))")
        }
    }
}
