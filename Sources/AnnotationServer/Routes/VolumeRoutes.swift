import Annotations
import Foundation
import Hummingbird
import Imaging
import Prompting
import Volumes

extension ServerState {
    /// The routes of objects that are followed through stacks.
    var volumeRoutes: [Route] {
        [
            Route(.post, "/images/{id}/volume/{run}", "followVolume", body: .large(.volume)) {
                [self] exchange in
                let (image, run) = (try exchange.imageID(), try exchange.runName())
                let request: VolumeRequest = try exchange.decoded()
                let state = try await follow(run, request, on: image)
                return try .json(state, status: .accepted)
            },
            Route(.get, "/images/{id}/volume/{run}", "getVolume") { [self] exchange in
                let (image, run) = (try exchange.imageID(), try exchange.runName())
                guard let follower = await volumes.find(run, of: image) else {
                    throw ServerError(
                        .notFound,
                        "no_run",
                        "this object is not being followed any more",
                        remedy: "apply its prompts to the volume again"
                    )
                }
                return try .json(await follower.state(withParts: true))
            },
            Route(.delete, "/images/{id}/volume/{run}", "cancelVolume") { [self] exchange in
                await volumes.forget(try exchange.runName(), of: try exchange.imageID())
                return .empty()
            },
        ]
    }

    /// Sessions that stay open for an object; those of large slices hold many tiles.
    private static var openSlices: Int { 4 }

    private func follow(
        _ run: UUID,
        _ request: VolumeRequest,
        on id: Int64
    ) async throws -> VolumeState {
        let shape = try await image(id).entry.shape
        let t = request.t ?? 0
        guard (0..<shape.t).contains(t) else {
            throw ServerError.malformed("the image has no time point \(t)")
        }
        let objects = try request.objects(in: shape.size)
        if let known = await volumes.find(run, of: id) {
            try await known.change(objects, revision: request.revision ?? 1)
            return await known.state(withParts: false)
        }
        let work = Work()
        let volume = try VolumeRun(
            objects,
            in: try await slices(of: id, t: t, shape),
            request.propagation(sliceCount: shape.z),
            PromptOptions(),
            work
        ) { [project, replaced = request.replaces] slice in
            try project.occupiedPixels(image: id, t: t, z: slice, except: replaced)
        }
        let follower = VolumeFollower(volume, work, image: id, t: t, id: run, hub)
        await volumes.keep(follower)
        await follower.begin(revision: request.revision ?? 1)
        return await follower.state(withParts: false)
    }

    /// The slices of a time point, as the model in use sees them.
    private func slices(of id: Int64, t: Int, _ shape: ImageShape) async throws -> SliceSessions {
        let model = try await models.segmenter()
        return SliceSessions(
            count: shape.z,
            size: shape.size,
            limit: Self.openSlices
        ) { [self] slice in
            let place = SessionKeeper.Place(image: id, t: t, z: slice)
            let (plane, name) = try await plane(place)
            return model.session(on: plane, id: name)
        }
    }
}

extension Exchange {
    /// The name that the page gave to a run.
    fileprivate func runName() throws(ServerError) -> UUID {
        guard let name = parameters.get("run").flatMap(UUID.init(uuidString:)) else {
            throw .malformed("'run' in the address is not a UUID")
        }
        return name
    }
}
