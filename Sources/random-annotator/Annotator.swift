import AnnotationSamples
import Annotations
import Files
import Foundation
import Imaging

/// Two clients that annotate the first image of a project by chance until the program is killed.
///
/// As a browser does, a client keeps what it sends in an outbox until it is answered, and sends it again at the next
/// start. What was answered is printed: `answered KEY EDIT`.
@main
enum RandomAnnotator {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3, let seed = UInt64(arguments[2]) else {
            FileHandle.standardError.write(Data("random-annotator FILE SEED [REQUESTS]\n".utf8))
            exit(64)
        }
        let limit = arguments.count > 3 ? Int(arguments[3]) ?? .max : .max
        do {
            let project = try Project.open(at: URL(filePath: arguments[1]))
            let group = DispatchGroup()
            for number in 0..<2 {
                let thread = Thread {
                    Client(project, number, seed: seed).run(limit)
                    group.leave()
                }
                group.enter()
                thread.start()
            }
            group.wait()
            try project.close()
        } catch {
            say("failed \(error)")
            exit(1)
        }
    }
}

/// Prints a line at once.
private func say(_ text: String) {
    FileHandle.standardOutput.write(Data((text + "\n").utf8))
}

private struct Client {
    let project: Project
    let id: UUID
    let outbox: String
    let seed: UInt64

    init(_ project: Project, _ number: Int, seed: UInt64) {
        self.project = project
        self.seed = seed &* 2 &+ UInt64(number)
        id = UUID(uuidString: "00000000-0000-4000-8000-00000000000\(number)") ?? UUID()
        outbox = project.url.path + ".outbox\(number)"
    }

    func run(_ limit: Int) {
        do {
            guard let image = try project.images().first else { return }
            var gestures = RandomGestures(seed: seed, size: image.entry.shape.size)
            if let data = FileManager.default.contents(atPath: outbox) {
                try send(JSONDecoder().decode(RandomGestures.Request.self, from: data), image.id)
            }
            for _ in 0..<limit {
                let base = try project.current(image: image.id)
                let objects = try project.objects(image: image.id)
                let request = gestures.next(objects, base: base, client: id)
                try FileReplacement.write(
                    Array(try JSONEncoder().encode(request)),
                    to: outbox,
                    .atomic
                )
                try send(request, image.id)
            }
        } catch {
            say("failed \(error)")
            exit(1)
        }
    }

    private func send(_ request: RandomGestures.Request, _ image: Int64) throws {
        do {
            let answer = try request.send(to: project, image: image)
            say("answered \(request.key) \(answer.edit)")
        } catch ProjectError.conflict, ProjectError.unknownObject, ProjectError.labelTaken {
            say("refused \(request.key)")
        }
    }
}
