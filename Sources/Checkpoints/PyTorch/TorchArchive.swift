import Files

/// Reads what `torch.save` writes since version 1.6: a zip archive with one pickle and raw storages.
///
/// Layout: `<any folder>/data.pkl`, `<folder>/data/<key>` per storage, `<folder>/byteorder`.
enum TorchArchive {
    static func read(_ storage: ByteStorage) throws(CheckpointError) -> TorchObject {
        let archive = try open(storage)
        let pickleName = try findPickle(in: archive)
        let folder = String(pickleName.dropLast("data.pkl".count))
        if archive[folder + "constants.pkl"] != nil {
            throw .unsupported(
                file: storage.name,
                what: "a TorchScript archive (a program, not weights)",
                advice: "Load it in Python and save its state_dict() with torch.save."
            )
        }
        var budget = 64 << 20
        budget += 16 * min(storage.count, 1 << 32)
        let isBigEndian = try byteOrder(of: archive, folder: folder, budget: &budget)
        let content = try entry(pickleName, of: archive, budget: &budget)
        guard content.range.count <= PickleMachine.maximumByteCount else {
            throw .limitExceeded(
                file: storage.name,
                what: "the size of the pickle in bytes",
                limit: PickleMachine.maximumByteCount,
                found: content.range.count
            )
        }
        let pickle = try PickleMachine.run(
            content.storage,
            from: content.range.lowerBound,
            to: content.range.upperBound
        )

        var blocks: [String: ZipArchive.Content] = [:]
        return try TorchObject(pickle, file: storage.name, isBigEndian: isBigEndian) {
            (wanted) throws(CheckpointError) in
            if let block = blocks[wanted.key] { return block }
            let block = try entry(folder + "data/" + wanted.key, of: archive, budget: &budget)
            blocks[wanted.key] = block
            return block
        }
    }

    private static func open(_ storage: ByteStorage) throws(CheckpointError) -> ZipArchive {
        do throws(ZipError) {
            return try ZipArchive(storage)
        } catch {
            throw CheckpointError(error)
        }
    }

    private static func content(
        of entry: ZipArchive.Entry,
        in archive: ZipArchive,
        budget: inout Int
    ) throws(CheckpointError) -> ZipArchive.Content {
        do throws(ZipError) {
            return try archive.content(of: entry, budget: &budget)
        } catch {
            throw CheckpointError(error)
        }
    }

    /// The shortest name that ends in `data.pkl`, whatever the folder is called.
    private static func findPickle(in archive: ZipArchive) throws(CheckpointError) -> String {
        let names = archive.entries.map(\.name)
        let candidates = names.filter { $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }
        if let name = candidates.min(by: { $0.utf8.count < $1.utf8.count }) { return name }
        let inner = names.filter { $0.hasSuffix(".pt") || $0.hasSuffix(".pth") }
        throw .unsupported(
            file: archive.storage.name,
            what: "a zip archive without 'data.pkl'",
            advice: inner.isEmpty
                ? "Give a file written by torch.save, or a safetensors file."
                : "Unpack it and give '\(inner[0])' from it."
        )
    }

    private static func entry(_ name: String, of archive: ZipArchive, budget: inout Int)
        throws(CheckpointError) -> ZipArchive.Content
    {
        guard let entry = archive[name] else {
            throw .missingKey(
                file: archive.storage.name,
                key: name,
                advice: "The archive is incomplete; download or copy it again."
            )
        }
        return try content(of: entry, in: archive, budget: &budget)
    }

    private static func byteOrder(of archive: ZipArchive, folder: String, budget: inout Int)
        throws(CheckpointError) -> Bool
    {
        guard let entry = archive[folder + "byteorder"] else { return false }
        let content = try content(of: entry, in: archive, budget: &budget)
        let text = String(decoding: content.storage.bytes[content.range].prefix(16), as: UTF8.self)
        switch text {
        case "little": return false
        case "big": return true
        default:
            throw .malformed(file: archive.storage.name, what: "the byte order is '\(text)'")
        }
    }
}
