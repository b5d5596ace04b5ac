import Annotations
import Files
import Foundation
import HTTPTypes
import Hummingbird
import Prompting
import TrackFiles
import Tracking

extension ServerState {
    /// The routes of the tracks of movies.
    var trackRoutes: [Route] {
        [
            Route(.get, "/images/{id}/tracks", "listTracks") { [self] exchange in
                let id = try exchange.imageID()
                let labels = try exchange.queryLabels()
                return try await work.run { [project] in
                    try .json(try project.tracks(image: id, labels: labels))
                }
            },
            Route(.get, "/images/{id}/tracks/suspicions", "listSuspicions") {
                [self] exchange in
                let id = try exchange.imageID()
                return try await work.run { [project] in
                    let list = SuspicionList(
                        edit: try project.current(image: id),
                        places: try project.trackSuspicions(image: id)
                    )
                    return try .json(list)
                }
            },
            Route(.post, "/images/{id}/tracks/link", "linkTracks", body: .small(.link)) {
                [self] exchange in
                let (id, body): (_, LinkRequest) = (try exchange.imageID(), try exchange.decoded())
                try await requireMovie(id)
                return try .json(JobStarted(job: await link(id, body)), status: .accepted)
            },
            Route(
                .post,
                "/images/{id}/tracks/export",
                "exportTracks",
                body: .small(.exportTracks)
            ) { [self] exchange in
                let id = try exchange.imageID()
                let body: TrackExportRequest = try exchange.decoded()
                try await requireMovie(id)
                let job = await exportTracks(id, as: body.formats)
                return try .json(JobStarted(job: job), status: .accepted)
            },
        ]
    }

    private struct SuspicionList: Encodable {
        let edit: Int64
        let places: [TrackSuspicion]
    }

    private struct LinkRequest: Decodable {
        let extent: LinkingExtent?
        /// The longest way from one time point to the next, in pixels.
        let distance: Double?
        /// For how many time points an object may be missing.
        let gap: Int?
        let divisions: Bool?

        var options: Linker.Options {
            var options = Linker.Options()
            options.maximumDistance = distance
            if let gap { options.maximumGap = gap }
            if let divisions { options.findsDivisions = divisions }
            return options
        }
    }

    private struct TrackExportRequest: Decodable {
        let formats: [TrackResultKind]
    }

    /// Throws, before a job begins, unless an image has tracks.
    private func requireMovie(_ id: Int64) async throws {
        let shape = try await image(id).entry.shape
        try shape.requireMovie()
    }

    /// Links a movie; the edit is that of nobody's page, so all pages are told.
    private func link(_ id: Int64, _ body: LinkRequest) async -> Int {
        await jobs.start(.link) { [self] work, reporter in
            let (extent, options) = (body.extent ?? .loose, body.options)
            let client = UUID()
            let told = work.part { event in
                if case .advanced(let done, let total) = event {
                    reporter.progress(done, of: total, "Linking")
                }
            }
            let answer = try await self.work.run { [project] in
                try project.linkTracks(id, extent, options: options, client: client, told)
            }
            tellEdit(id, client, answer)
            var result = JobResult()
            result.objects = try await self.work.run { [project] in
                try project.objects(image: id).count
            }
            return result
        }
    }

    /// Writes the tracks of a movie beside the project.
    private func exportTracks(_ id: Int64, as kinds: [TrackResultKind]) async -> Int {
        await jobs.start(.export) { [self] work, reporter in
            let name = try project.resultNames()[id] ?? "\(id)"
            let folder = ExportPlan.trackFolder(FileName.join(resultFolder, name))
            let told = work.part { event in
                if case .advanced(let done, let total) = event {
                    reporter.progress(done, of: total, "Writing \(name)")
                }
            }
            var result = JobResult()
            result.folder = folder
            result.files = try await self.work.run { [project] in
                try project.exportTracks(id, as: kinds, to: folder, told)
            }
            return result
        }
    }
}

extension Exchange {
    /// Labels in the query, separated by commas; nil where none are given.
    fileprivate func queryLabels() throws(ServerError) -> Set<UInt32>? {
        guard let text = query("labels") else { return nil }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let labels = parts.compactMap { UInt32($0) }
        guard labels.count == parts.count, labels.count <= 10_000, !labels.contains(0) else {
            throw .malformed("'labels' in the query are not labels separated by commas")
        }
        return Set(labels)
    }
}
