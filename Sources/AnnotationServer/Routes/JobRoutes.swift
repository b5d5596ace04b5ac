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
            Route(.post, "/train", "train", body: .small(.train)) { [self] exchange in
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
            Route(.post, "/models/current", "useModel", body: .small(.model)) {
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
        let iterations: Int?
        let images: [Int64]?

        /// How long the training lasts; the number of iterations is the more exact one.
        var length: TrainingLength? {
            iterations.map { .iterations($0) } ?? epochs.map { .epochs($0) }
        }
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
        await volumes.cancelAll("the model was changed; apply the prompts again")
        await sessions.closeAll()
        return try .json(await models.state)
    }

    private func train(_ body: TrainRequest) async throws -> Response {
        guard let trainer else {
            throw ServerError(.notImplemented, "no_training", "this server does not train models")
        }
        if let images = body.images {
            try await work.run { [project] in for id in images { _ = try project.image(id) } }
        }
        let model = await models.state.name
        let material = TrainingMaterial(self, images: body.images)
        let id = await jobs.start(.train) { work, reporter in
            reporter.progress(0, of: 0, "Writing images and labels")
            var data = try await material.write(work)
            data.length = body.length
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
