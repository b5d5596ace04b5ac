// Links the objects of a movie whose frames have labels: example-track LABELS.tif RESULTS

import Foundation
import MicroSAM

let arguments = CommandLine.arguments
guard arguments.count == 3 else { exit(2) }

let options = ImageSource.Options(colorConversion: .asStored)
let movie = try ImageSource(opening: URL(filePath: arguments[1]), options: options)
let frameCount = movie.description.axes.t
var linker = try Linker()
var detections: [Detection] = []
var links: [Link] = []
for frame in 0..<frameCount {
    let linked = try linker.add(movie.readLabels(PlaneIndex(t: frame, z: 0)))
    detections += linked.detections
    links += linked.links
}
let graph = try LineageGraph(detections, links: links + linker.finish())

do {
    let tracks = try graph.records()
    var folder = try CTCFolderWriter(
        creating: URL(filePath: arguments[2]),
        records: tracks.records,
        frameCount: frameCount
    )
    for frame in 0..<frameCount {
        let labels = try movie.readLabels(PlaneIndex(t: frame, z: 0))
        try folder.append(labels.relabeled(tracks.numbers(inFrame: frame)))
    }
    try folder.finish()
}
for track in graph.tracksByLineage() {
    print("track \(track.number): frames \(track.frames), daughters \(track.children)")
}
