import Files
import Imaging
import Prompting

/// Collects the objects of a JSON text: GeoJSON or COCO, which its names tell.
struct RegionReader {
    let file: String
    private var objects: [OutlinedObject] = []
    private var annotations: [COCOAnnotation] = []
    private var coco = COCOTables()
    private var isCOCO = false
    private var emptyCount = 0
    private var counts = PromptCounts()

    /// How many more positions and lists of them may be read.
    private var budget = RegionFile.maximumPositionCount

    private var featureCount = 0

    init(file: String) { self.file = file }

    /// Reads the whole text.
    mutating func read(_ bytes: [UInt8]) throws(ImageFormatError) {
        var reader = JSONReader(bytes)
        do {
            switch reader.kind() {
            case .array: try reader.eachElement { try feature(&$0) }
            default: try document(&reader)
            }
            try reader.finish()
        } catch let error as ImageFormatError {
            throw error
        } catch let error as JSONError {
            throw ImageFormatError(
                .damaged,
                path: file,
                error.description,
                advice: "export the objects again"
            )
        } catch {
            throw ImageFormatError(.damaged, path: file, "\(error)")
        }
    }

    /// What was found, with the objects of one image where there are several.
    func result(
        for image: String?
    ) throws(ImageFormatError) -> ([OutlinedObject], Size?, [RegionFile.LeftOut]) {
        var leftOut: [RegionFile.LeftOut] = emptyCount > 0 ? [.empty(count: emptyCount)] : []
        guard isCOCO else { return (RegionFile.numbered(objects), nil, leftOut) }
        let chosen = try coco.chosen(image, file: file)
        let own = annotations.filter { $0.image == nil || $0.image == chosen?.id }
        let single = own.filter { !$0.isCrowd }
        if own.count < annotations.count {
            leftOut.append(.otherImages(count: annotations.count - own.count))
        }
        if single.count < own.count { leftOut.append(.crowds(count: own.count - single.count)) }
        let named = single.map { annotation in
            var object = annotation.object
            object.category = annotation.category.flatMap { coco.categories[$0] }
            return object
        }
        return (RegionFile.numbered(named), chosen?.size, leftOut)
    }

    /// A collection, a single feature or geometry, or the tables of COCO.
    private mutating func document(_ reader: inout JSONReader) throws {
        var isKnown = false
        var single = FeatureParts()
        try reader.eachMember { reader, name in
            switch name {
            case "features":
                isKnown = true
                try reader.eachElement { try feature(&$0) }
            case "annotations":
                (isKnown, isCOCO) = (true, true)
                try reader.eachElement { try annotation(&$0) }
            case "images":
                try reader.eachElement { reader in
                    coco.add(image: try reader.value())
                    try checkTables()
                }
            case "categories":
                try reader.eachElement { reader in
                    coco.add(category: try reader.value())
                    try checkTables()
                }
            default: try single.read(&reader, name, &budget)
            }
        }
        if single.isFeature {
            isKnown = true
            try add(single)
        }
        guard isKnown else {
            throw ImageFormatError(
                .unknownFormat,
                path: file,
                "neither GeoJSON nor COCO",
                advice: "export the objects as GeoJSON or COCO"
            )
        }
    }

    // MARK: - GeoJSON

    private mutating func feature(_ reader: inout JSONReader) throws {
        var parts = FeatureParts()
        try reader.eachMember { reader, name in try parts.read(&reader, name, &budget) }
        try add(parts)
    }

    private mutating func add(_ parts: FeatureParts) throws(ImageFormatError) {
        featureCount += 1
        let origin = "object \(featureCount)"
        let shapes = try parts.geometry?.shapes(file: file, origin: origin) ?? []
        guard !shapes.isEmpty else {
            emptyCount += 1
            return
        }
        for shape in shapes {
            var object = OutlinedObject(shape, origin: origin)
            object.number = shapes.count == 1 ? parts.number : nil
            object.name = parts.name
            object.category = parts.category
            object.place = parts.place
            try append(object)
        }
    }

    private mutating func append(_ object: OutlinedObject) throws(ImageFormatError) {
        try count(object)
        objects.append(object)
    }

    /// Makes sure that a COCO file does not describe more images than objects are read.
    private func checkTables() throws(ImageFormatError) {
        let count = coco.imageCount + coco.categories.count
        guard count <= RegionFile.maximumObjectCount else {
            throw RegionFile.tooLarge(
                file,
                "more than \(RegionFile.maximumObjectCount) images and categories",
                RegionFile.maximumObjectCount
            )
        }
    }

    private mutating func count(_ object: OutlinedObject) throws(ImageFormatError) {
        try counts.add(object, file)
        if let defect = object.place.defect {
            throw ImageFormatError(
                .damaged,
                path: file,
                "\(object.origin): there is \(defect)",
                advice: "export the objects again"
            )
        }
    }

    // MARK: - COCO

    private mutating func annotation(_ reader: inout JSONReader) throws {
        let origin = "annotation \(annotations.count + emptyCount + 1)"
        let found = try COCOAnnotation(&reader, file: file, origin: origin, &budget)
        guard let found else {
            emptyCount += 1
            return
        }
        try count(found.object)
        annotations.append(found)
    }
}
