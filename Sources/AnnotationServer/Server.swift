public import Annotations
import Foundation
import Hummingbird

/// The server of the annotator on the user's own machine.
public struct AnnotationServer: Sendable {
    private let project: Project

    /// Serves one project.
    public init(_ project: Project) {
        self.project = project
    }

    /// Serves until the task is cancelled.
    public func run() async throws {
        let router = Router()
        let name = project.url.lastPathComponent
        router.get("/api/1/project") { _, _ in name }
        try await Application(router: router).runService()
    }
}
