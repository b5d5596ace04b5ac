import Foundation
import ImageFormats
import Imaging
import Prompting

/// Feeds damaged lists of prompts to the readers, uses what is read, and counts what becomes of them.
///
/// Usage: `fuzz-prompts COUNT [SEED]`. Input `n` of a seed is always the same. `fuzz-prompts read FILE…` reads
/// files and says what they hold, or why they are refused.
@main
enum FuzzPrompts {
    /// A reader, and how its inputs are made.
    private struct Reader: Sendable {
        let name: String
        let seeds: [[UInt8]]
        let isBinary: Bool
        let read: @Sendable ([UInt8]) throws -> PromptDocument
    }

    private static let readers = [
        Reader(name: "JSON", seeds: SeedTexts.json.map { Array($0.utf8) }, isBinary: false) {
            try PromptDocument(json: Data($0), file: "fuzz.json")
        },
        Reader(name: "CSV", seeds: SeedTexts.csv.map { Array($0.utf8) }, isBinary: false) {
            try PromptDocument(csv: Data($0), file: "fuzz.csv")
        },
        Reader(
            name: "GeoJSON, COCO",
            seeds: SeedTexts.regions.map { Array($0.utf8) },
            isBinary: false
        ) {
            let file = try RegionFile($0, file: "fuzz.geojson", image: "a.tif")
            _ = try? file.labels(ImageAxes(t: 2, z: 4, y: 40, x: 61), t: 1, z: 3)
            var options = PromptReadingOptions()
            options.imageSize = Size(width: 61, height: 40)
            for use in PromptReadingOptions.OutlineUse.allCases.dropFirst() {
                options.outlines = use
                _ = try? file.prompts(options)
            }
            options.outlines = .outline
            return try file.prompts(options)
        },
        Reader(name: "ImageJ", seeds: SeedRegions.files, isBinary: true) {
            try RegionFile($0, file: "fuzz.roi").prompts()
        },
    ]

    static func main() throws {
        if CommandLine.arguments.dropFirst().first == "read" {
            return readFiles(CommandLine.arguments.dropFirst(2))
        }
        let numbers = CommandLine.arguments.dropFirst().compactMap { UInt64($0) }
        let count = numbers.first ?? 100_000
        let seed = numbers.dropFirst().first ?? 1
        for reader in readers {
            for file in reader.seeds { try use(try reader.read(file)) }
            var (refused, accepted) = (0, 0)
            for number in 0..<count {
                let data: [UInt8]
                if reader.isBinary {
                    var mutator = BinaryMutator(seed: seed << 40 ^ number)
                    data = mutator.damaged(reader.seeds)
                } else {
                    var mutator = TextMutator(seed: seed << 40 ^ number)
                    data = mutator.damaged(reader.seeds)
                }
                do {
                    try use(try reader.read(data))
                    accepted += 1
                } catch let error as any CustomStringConvertible & Error
                    where error is PromptError || error is ImageFormatError
                {
                    refused += 1
                    if error.description.isEmpty { print("input \(number): an empty message") }
                } catch {
                    print("input \(number): an error of another kind: \(error)")
                    exit(1)
                }
            }
            print(
                "\(reader.name): \(count) inputs of seed \(seed): \(refused) refused, "
                    + "\(accepted) read"
            )
        }
    }

    private static func readFiles(_ files: some Sequence<String>) {
        for file in files {
            let start = ContinuousClock.now
            let said: String
            do {
                let objects = try PromptFile(reading: file).document.objects
                let prompts = objects.reduce(0) { $0 + $1.prompts.count }
                said = "\(objects.count) objects, \(prompts) prompts"
            } catch {
                said = "\(error)"
            }
            print("\(ContinuousClock.now - start): \(said)")
        }
    }

    /// What happens to prompts next: shapes are filled, masks unpacked, scribbles sampled, and all is
    /// written and read again.
    private static func use(_ document: PromptDocument) throws {
        let size = Size(width: 61, height: 40)
        let transform = try ResizeLongestSide(from: size)
        for prompt in document.objects.flatMap(\.prompts) {
            switch prompt {
            case .polygon(let corners): _ = RunLengthMask(filling: [corners], size: size).area
            case .ellipse(let box): _ = RunLengthMask(ellipseIn: box, size: size).area
            case .scribble(let line, let label):
                let samples = ScribbleSampling().samples(of: [.init(line, label)], transform)
                precondition(samples.count <= 64, "too many samples")
            case .box(let box, let margin): _ = try? box.extended(by: margin ?? 0, within: size)
            case .mask(let mask): if mask.size == size { _ = try? mask.decoded() }
            case .point, .rectangle: continue
            }
        }
        let again = try PromptDocument(json: document.json(), file: "again.json")
        guard again == document else {
            print("what was written is not what was read: \(document)")
            exit(1)
        }
    }
}

/// Small valid texts; each damaged input begins as one of them.
private enum SeedTexts {
    static let json = [
        """
        {"format": "microsam.prompts", "version": 1,
         "image": {"name": "a.tif", "width": 61, "height": 40},
         "options": {"box_extension": 0.05, "masks": "best", "refinements": 1, "overlap": "score"},
         "objects": [
          {"id": 1, "name": "n", "class": "nucleus", "prompts": [
           {"type": "point", "y": 4.5, "x": 7, "label": "negative"}, {"type": "point", "y": 1, "x": 2, "label": 1},
           {"type": "box", "y0": 1, "x0": 2, "y1": 30, "x1": 40.25, "extension": 3},
           {"type": "polygon", "points": [[1, 2], [20, 3], [15, 40], [3, 17]]}]},
          {"id": 7, "prompts": [{"type": "ellipse", "y0": -4, "x0": 2, "y1": 30, "x1": 40},
           {"type": "scribble", "points": [[1, 2], [30, 40], [5, 50]], "label": "positive"},
           {"type": "mask", "size": [40, 61], "counts": "PWP10000"}]}]}
        """,
        #"{"format":"microsam.prompts","version":1,"objects":[]}"#,
    ]

    static let csv = [
        "y,x,label\n3,4,1\n5.5,6,negative\n",
        "object;type;y;x;y0;x0;y1;x1;shape;name;class\n1;point;3;4;;;;;;\"a \"\"b\"\"\";c\n"
            + "1;box;;;1;2;9;8;;;\n2;polygon;1;1;;;;;0\n2;polygon;9;1;;;;;0\n2;polygon;9;9;;;;;0\n"
            + "3;scribble;1;1;;;;;4\n3;scribble;20;30;;;;;4\n4;ellipse;;;0;0;9;9\n",
        "index\taxis-0\taxis-1\r\n0\t1\t2\r\n1\t3\t4\r\n",
        "index,axis-0,axis-1,axis-2\n0.0,7.0,44,20\n1.0,7.0,8.5,12\n",
        "index,shape-type,vertex-index,axis-0,axis-1\n0,ellipse,0,1,2\n0,ellipse,1,1,12\n"
            + "0,ellipse,2,7,12\n0,ellipse,3,7,2\n1,path,0,3,4\n1,path,1,5,6\n",
        " ,Label,Area,X,Y,BX,BY,Width,Height,Slice,Ch,Frame\n1,a,12,7.5,3.5,2,3,10,5,1,1,2\n",
        "label,centroid-0,centroid-1,bbox-0,bbox-1,bbox-2,bbox-3,z,t\n7,10,20.5,3,2,8,42,1,0\n",
    ]

    static let regions = [
        """
        {"type": "FeatureCollection", "features": [
         {"type": "Feature", "id": "x", "geometry": {"type": "Polygon", "coordinates":
           [[[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]], [[2, 2], [2, 5], [5, 5], [5, 2], [2, 2]]],
           "plane": {"c": -1, "z": 3, "t": 1}}, "properties": {"name": "a", "classification":
           {"name": "Tumor"}, "measurements": [{"name": "label", "value": 12}]}},
         {"type": "Feature", "geometry": {"type": "MultiPolygon", "coordinates":
           [[[[1, 1], [20, 2], [15, 30]]], [[[30, 30], [40, 30], [35, 39]]]], "isEllipse": true}},
         {"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[1, 2], [3.5, 4]]}},
         {"type": "Feature", "geometry": {"type": "MultiPoint", "coordinates": [[1, 2], [3, 4]]}}]}
        """,
        """
        {"images": [{"id": 1, "file_name": "a.tif", "width": 61, "height": 40}, {"id": 2}],
         "categories": [{"id": 7, "name": "nucleus"}], "annotations": [
         {"id": 5, "image_id": 1, "category_id": 7, "segmentation": [[1, 1, 4, 1, 4, 4, 1, 4]]},
         {"id": 6, "image_id": 1, "segmentation": {"size": [40, 61], "counts": [36, 3, 2401]}},
         {"id": 8, "image_id": 1, "iscrowd": 1, "segmentation": {"size": [40, 61], "counts": "PWP1"}},
         {"id": 9, "image_id": 1, "bbox": [0, 5, 2, 1.5]}]}
        """,
        #"{"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [3, 4]}]}"#,
    ]
}

/// Changes texts in the ways that find mistakes in readers.
private struct TextMutator: Mutator {
    var generator: SplitMix64

    private static let pieces = [
        "0", "-1", "1e999", "1e9", "-0", "NaN", "null", "true", "{}", "[]", "[[", "\"", ",", ";",
        ":", "\n",
        "\r\n", "\\u0000", "4294967296", "18446744073709551616", "0.1e-320", "\u{FEFF}", "polygon",
        "\"mask\"", "\"id\": 1", "[[[[[[[[[[[[[[[[", "\"size\": [1000000, 1000000]", "é",
    ]

    init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    mutating func change(_ bytes: inout [UInt8]) {
        let position = Int.random(in: 0..<bytes.count, using: &generator)
        let length = min(Int.random(in: 1...12, using: &generator), bytes.count - position)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: bytes[position] = .random(in: 0...255, using: &generator)
        case 1: bytes.removeSubrange(position..<position + length)
        case 2: bytes.removeSubrange(position...)
        case 3: bytes.insert(contentsOf: bytes[position..<position + length], at: position)
        case 4: bytes[position] = UInt8.random(in: 48...57, using: &generator)
        default:
            let piece = Self.pieces[Int.random(in: Self.pieces.indices, using: &generator)]
            bytes.insert(contentsOf: piece.utf8, at: position)
        }
    }
}
