import Foundation
import HTTPTypes
import Prompting

/// The jobs of the server: they run one after the other for each kind, tell how far they are, and can be
/// cancelled.
actor JobBoard {
    /// What a job tells of itself.
    struct Reporter: Sendable {
        fileprivate let tell: @Sendable (Int, Int, String, [CurvePoint]?) -> Void

        /// Tells how many parts are done, and what is going on.
        func progress(_ done: Int, of total: Int, _ words: String, curves: [CurvePoint]? = nil) {
            tell(done, total, words, curves)
        }
    }

    typealias Body = @Sendable (Work, Reporter) async throws -> JobResult

    private let hub: EventHub
    private var jobs: [Job] = []
    private var running: [Int: (task: Task<Void, Never>, work: Work)] = [:]
    private var last: [Job.Kind: Task<Void, Never>] = [:]
    private var next = 1

    /// Jobs that are over and still listed.
    private static let kept = 50

    init(_ hub: EventHub) { self.hub = hub }

    /// All jobs, the oldest first.
    var all: [Job] { jobs }

    /// The job of a number.
    func job(_ id: Int) throws(ServerError) -> Job {
        guard let job = jobs.first(where: { $0.id == id }) else {
            throw ServerError(.notFound, "no_job", "there is no job \(id)")
        }
        return job
    }

    /// Begins a job when those of its kind before it are over.
    func start(_ kind: Job.Kind, _ body: @escaping Body) -> Int {
        let id = next
        next += 1
        jobs.append(Job(id: id, kind: kind))
        forgetOld()
        let before = last[kind]
        let work = Work()
        let task = Task {
            await before?.value
            await self.run(id, work, body)
        }
        running[id] = (task, work)
        last[kind] = task
        change(id) { _ in }
        return id
    }

    /// Asks a job to end; nothing happens to one that is over.
    func cancel(_ id: Int) throws(ServerError) {
        let job = try job(id)
        guard !job.state.isOver, let running = running[id] else { return }
        running.work.cancel()
        running.task.cancel()
        if job.state == .waiting { change(id) { $0.state = .cancelled } }
    }

    /// Asks all jobs to end, and waits until they have.
    func cancelAll() async {
        let all = running.values
        for (task, work) in all {
            work.cancel()
            task.cancel()
        }
        for (task, _) in all { await task.value }
    }

    private func run(_ id: Int, _ work: Work, _ body: Body) async {
        defer { running[id] = nil }
        guard !work.isCancelled else { return change(id) { $0.state = .cancelled } }
        change(id) { $0.state = .running }
        let reporter = Reporter { done, total, words, curves in
            Task { await self.note(id, done, total, words, curves) }
        }
        do {
            let result = try await body(work, reporter)
            change(id) { job in
                job.result = result
                job.state = .done
            }
        } catch is CancellationError {
            change(id) { $0.state = .cancelled }
        } catch {
            let error = ServerError(error)
            change(id) { job in
                job.state = work.isCancelled ? .cancelled : .failed
                job.error = Job.Failure(
                    code: error.code,
                    message: error.message,
                    remedy: error.remedy
                )
            }
        }
    }

    private func note(
        _ id: Int,
        _ done: Int,
        _ total: Int,
        _ words: String,
        _ curves: [CurvePoint]?
    ) {
        change(id) { job in
            guard job.state == .running else { return }
            (job.done, job.total, job.words) = (done, total, words)
            if let curves { job.curves = curves }
        }
    }

    private func change(_ id: Int, _ body: (inout Job) -> Void) {
        guard let index = jobs.firstIndex(where: { $0.id == id }) else { return }
        body(&jobs[index])
        hub.tell(.job, jobs[index])
    }

    private func forgetOld() {
        while jobs.count(where: \.state.isOver) > Self.kept,
            let oldest = jobs.firstIndex(where: \.state.isOver)
        {
            jobs.remove(at: oldest)
        }
    }
}
