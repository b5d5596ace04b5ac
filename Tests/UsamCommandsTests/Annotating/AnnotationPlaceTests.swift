import Annotations
import Annotator
import Files
import Foundation
import ImageFormats
import JobSamples
import Prompting
import Testing

@Suite("Images of a project that is opened again")
struct AnnotationPlaceTests {
    @Test("Frames that have come behind those of a movie belong to it", arguments: [true, false])
    func laterFrames(_ isNamedMovie: Bool) throws {
        let place = try Workplace()
        for t in 0..<2 { _ = try place.writeImage("frames/t\(t).tif") }
        func entries(_ isMovie: Bool, isDone: Bool = false) throws -> [ImageEntry] {
            let opened = try AnnotationPlace([place.path("frames")], project: nil, isMovie: isMovie)
                .openProject { Issue.record($0) }
            defer { try? opened.close() }
            let images = try opened.images()
            if isDone {
                let done = Gesture(.setStatus(.done), client: UUID())
                _ = try opened.apply(done, to: images[0].id)
            }
            #expect(images[0].status != .done)
            #expect(try opened.check() == [])
            return images.map(\.entry)
        }
        #expect(try entries(true, isDone: true).map(\.shape.t) == [2])
        for t in 9..<11 { _ = try place.writeImage("frames/t\(t).tif") }
        let all = try entries(isNamedMovie)
        #expect(all.map(\.shape.t) == [4])
        #expect(all.map(\.selection.frames) == [.files(["t0.tif", "t1.tif", "t9.tif", "t10.tif"])])
        #expect(try entries(false) == all)
    }
}
