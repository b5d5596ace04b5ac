import Foundation
import ImageFormats
import Imaging
import JobSamples
import Jobs
import Judging
import Prompting
import Segmentation
import Testing

/// Tests that take minutes run with `make slowtest`.
private let runsSlowTests = ProcessInfo.processInfo.environment["MICROSAM_SLOW_TESTS"] != nil

/// The promise that the same plane and the same model give the same labels by every door.
///
/// Stores of embeddings in half precision are the one exception, because they hold other numbers.
@Suite("Every door, same labels", .serialized)
struct DoorTests {
    /// The doors of a kind of image in a short run: those that could differ, and each at least once.
    private static let doors: [ImageKind: [Door]] = [
        .grey16: [.memory, .rerun, .byRegion, .library], .rgba: [.byRegion, .judged],
        .planeOfStack: [.storing, .stored, .judged], .small: [.storing, .stored, .session],
        .joined: [.memory, .rerun, .judged, .session], .rgb: [.memory, .byRegion, .session],
        .rgb16: [.byRegion, .session], .greyAlpha: [.memory, .byRegion, .session],
        .twoChannels: [.byRegion, .session], .fourChannels: [.memory, .byRegion, .session],
    ]

    @Test("Doors of the libraries", arguments: ImageKind.few)
    func libraries(_ kind: ImageKind) async throws {
        try await compare(kind, Self.doors[kind] ?? Door.allCases)
    }

    private func compare(_ kind: ImageKind, _ doors: [Door]) async throws {
        let opened = LibraryDoors(image: try DoorImage(kind))
        var first: (door: Door, labels: LabelImage)?
        for door in doors {
            let labels = try await opened.labels(door)
            if let first {
                #expect(labels == first.labels, "\(kind): \(door) and \(first.door) differ")
            } else {
                #expect(!labels.objectLabels().isEmpty, "\(kind): no objects")
                first = (door, labels)
            }
        }
    }

    @Test("The doors of the program and the library", arguments: [ImageKind.float])
    func program(_ kind: ImageKind) async throws {
        try await compareProgram(kind, [.memory, .rerun, .judged])
    }

    @Test(
        "All doors of the program, the library and the session",
        .enabled(if: runsSlowTests),
        arguments: ImageKind.allCases
    )
    func wholeProgram(_ kind: ImageKind) async throws {
        try await compareProgram(kind, Door.ofProgram + [.session])
    }

    /// Compares with the model that is part of the program.
    private func compareProgram(_ kind: ImageKind, _ doors: [Door]) async throws {
        let image = try DoorImage(kind)
        let opened = ProgramDoors(image: image, choice: nil)
        let libraries = LibraryDoors(image: image, choice: nil)
        let labels = try await libraries.labels(.library)
        #expect(!labels.objectLabels().isEmpty, "\(kind): no objects")
        for door in doors {
            let others =
                Door.ofProgram.contains(door)
                ? try opened.labels(door) : try await libraries.labels(door)
            #expect(others == labels, "\(kind): \(door) and the library differ")
        }
    }
}
