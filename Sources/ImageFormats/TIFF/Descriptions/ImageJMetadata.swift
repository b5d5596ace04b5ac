/// The axes that ImageJ writes into the image description, one `key=value` per line.
struct ImageJMetadata {
    let images: Int
    let channels: Int
    let slices: Int
    let frames: Int
    /// The units of x, y and z; nil if the file names none.
    let units: (x: String, y: String, z: String)?
    let spacing: Double?
    let frameInterval: Double?

    /// Reads a description; nil if ImageJ did not write it.
    init?(_ text: String?) {
        guard let text, text.hasPrefix("ImageJ=") else { return nil }
        var values: [Substring: Substring] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            guard let sign = line.firstIndex(of: "=") else { continue }
            values[line[..<sign]] = line[line.index(after: sign)...]
        }
        func count(_ key: Substring) -> Int { max(1, values[key].flatMap { Int($0) } ?? 1) }
        func number(_ key: Substring) -> Double? {
            values[key].flatMap { Double($0) }.flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
        }
        images = count("images")
        channels = count("channels")
        frames = count("frames")
        let (known, overflow) = channels.multipliedReportingOverflow(by: frames)
        let isComplete = values["slices"] != nil || overflow || known >= images
        slices = isComplete ? count("slices") : images / known
        // Units of y and z are written where they differ.
        units = values["unit"].flatMap(normalizedUnit).map { x in
            (x, values["yunit"].map(String.init) ?? x, values["zunit"].map(String.init) ?? x)
        }
        spacing = number("spacing")
        frameInterval = number("finterval")
    }

    /// Whether the axes account for all images.
    var isConsistent: Bool {
        let (first, overflow) = channels.multipliedReportingOverflow(by: slices)
        let (all, overflowToo) = first.multipliedReportingOverflow(by: frames)
        return !overflow && !overflowToo && all == images
    }
}
