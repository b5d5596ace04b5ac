import Annotations
import Foundation
import Hummingbird
import Prompting

extension ServerState {
    /// The routes of jobs and models.
    var jobRoutes: [Route] {
        [
            Route(.get, "/jobs", "listJobs") { [self] _ in
                try .json(JobList(jobs: await jobs.all))
            },
            Route(.get, "/jobs/{job}", "getJob") { [self] exchange in
                try .json(try await jobs.job(exchange.number("job")))
            },
            Route(.delete, "/jobs/{job}", "cancelJob") { [self] exchange in
                let id = try exchange.number("job")
                try await jobs.cancel(id)
                return try .json(try await jobs.job(id))
            },
            Route(.post, "/train", "train", body: Route.smallBody) { [self] exchange in
                let body: TrainRequest = try exchange.decoded()
                return try await train(body)
            },
            Route(.get, "/models", "listModels") { [self] _ in
                let choices = try await models.choices()
                let state = await models.state
                return try .json(
                    ModelList(current: state.name, state: state, available: choices)
                )
            },
            Route(.post, "/models/current", "useModel", body: Route.smallBody) {
                [self] exchange in
                let body: ModelRequest = try exchange.decoded()
                return try await use(body.name)
            },
        ]
    }

    struct JobStarted: Encodable {
        let job: Int
    }

    private struct JobList: Encodable {
        let jobs: [Job]
    }

    private struct TrainRequest: Decodable {
        let epochs: Int?
        let images: [Int64]?
    }

    private struct ModelRequest: Decodable {
        let name: String
    }

    private struct ModelList: Encodable {
        let current: String
        let state: ModelKeeper.State
        let available: [ModelChoice]
    }

    private func use(_ name: String) async throws -> Response {
        guard try await models.choices().contains(where: { $0.name == name }) else {
            throw ServerError(.notFound, "no_model", "there is no model '\(name)'")
        }
        _ = try await models.use(name)
        await sessions.closeAll()
        return try .json(await models.state)
    }

    private func train(_ body: TrainRequest) async throws -> Response {
        guard let trainer else {
            throw ServerError(.notImplemented, "no_training", "this server does not train models")
        }
        if let epochs = body.epochs, !(1...10_000).contains(epochs) {
            throw ServerError.malformed("'epochs' must be between 1 and 10000")
        }
        let model = await models.state.name
        let material = TrainingMaterial(self, images: body.images)
        let id = await jobs.start(.train) { work, reporter in
            reporter.progress(0, of: 0, "Writing images and labels")
            var data = try await material.write(work)
            data.epochs = body.epochs
            defer { material.remove(data) }
            let trained = try await trainer.train(on: data, from: model, work) { state in
                reporter.progress(
                    state.done,
                    of: state.total,
                    state.words,
                    curves: state.curves
                )
            }
            var result = JobResult()
            result.model = trained.name
            (result.before, result.after) = (trained.before, trained.after)
            return result
        }
        return try .json(JobStarted(job: id), status: .accepted)
    }
}
