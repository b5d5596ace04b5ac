/// Takes a checkpoint apart into model and decoder, with the names that the model expects.
///
/// Unknown Python objects are refused where a weight is expected, that is inside of `model_state` and
/// `decoder_state`, and in a plain file under the names of the model. Elsewhere (the description of the
/// trainer under `init`, optimizer state) they are left out; ``Checkpoint/warnings`` names them.
struct CheckpointParts {
    private(set) var flavor: SAMCheckpoint.Flavor = .plain
    private(set) var model: [String: TensorEntry] = [:]
    private(set) var decoder: [String: TensorEntry]?
    private(set) var metadata: [String: String]
    private(set) var warnings: [String] = []
    private let file: String

    /// Prefixes of the two parts in safetensors files of this project.
    static let modelPrefix = "model_state."
    static let decoderPrefix = "decoder_state."
    /// The metadata key that marks such files.
    static let formatKey = "usam.format"
    /// The version that is read and written.
    static let formatVersion = "1"

    private static let modelPrefixes = ["image_encoder.", "prompt_encoder.", "mask_decoder."]

    init(_ checkpoint: Checkpoint) throws(CheckpointError) {
        file = checkpoint.file
        metadata = checkpoint.metadata
        let root: CheckpointDictionary
        switch checkpoint.root {
        case .dictionary(let dictionary): root = dictionary
        case .unknown(let name):
            throw .refusedGlobal(file: file, key: "the whole file", global: name)
        default:
            throw .malformed(
                file: file,
                what: "it holds \(checkpoint.root.kind), not a dictionary of weights"
            )
        }
        if root["model_state"] != nil {
            try readNested(root)
        } else if root.keys.contains(where: { $0.hasPrefix(CheckpointParts.modelPrefix) }) {
            try readConverted(root)
        } else {
            try readState(try tensors(of: root, path: "", isPlain: true))
        }
        try refuseQuantized()
        try requireKnownFormat()
    }

    /// Files of this project say the version of their form; others have none.
    private func requireKnownFormat() throws(CheckpointError) {
        guard let version = metadata[CheckpointParts.formatKey],
            version != CheckpointParts.formatVersion
        else { return }
        throw .unsupported(
            file: file,
            what: "the version '\(version.prefix(60))' of this project's model files",
            advice:
                "This program reads version \(CheckpointParts.formatVersion); update it, or get the model in that "
                + "version."
        )
    }

    // MARK: - Forms

    private mutating func readNested(_ root: CheckpointDictionary) throws(CheckpointError) {
        try readState(try state("model_state", of: root))
        let isTraining = root["optimizer_state"] != nil || root["iteration"] != nil
        if flavor == .plain { flavor = isTraining ? .training : .combined }
        if root["decoder_state"] != nil {
            decoder = decoderTensors(try state("decoder_state", of: root))
        }
        for key in root.keys {
            if let text = CheckpointParts.text(root[key]) { metadata[key] = text }
        }
    }

    private mutating func readConverted(_ root: CheckpointDictionary) throws(CheckpointError) {
        let all = try tensors(of: root, path: "", isPlain: false)
        func part(_ prefix: String) -> [String: TensorEntry] {
            CheckpointParts.removing(prefix, from: all.filter { $0.key.hasPrefix(prefix) })
        }
        try readState(part(CheckpointParts.modelPrefix))
        let found = part(CheckpointParts.decoderPrefix)
        if !found.isEmpty { decoder = decoderTensors(found) }
        flavor = .converted
    }

    /// Sorts the tensors of one state into model and decoder.
    private mutating func readState(_ state: [String: TensorEntry]) throws(CheckpointError) {
        var state = CheckpointParts.removing("module.", from: state)
        state = CheckpointParts.removing("sam.", from: state)
        if state.keys.contains(where: { $0.hasPrefix("image_encoder.") }) {
            model = state.filter { entry in
                CheckpointParts.modelPrefixes.contains { entry.key.hasPrefix($0) }
            }
            let rest = state.keys.filter { model[$0] == nil }.sorted()
            // These two constants are stored by some versions; the model has them built in.
            let odd = rest.filter { $0 != "pixel_mean" && $0 != "pixel_std" }
            if !odd.isEmpty {
                warnings.append(
                    "\(odd.count) entries that belong to no part of SAM were left out, for example "
                        + odd.prefix(3).map { "'\($0)'" }.joined(separator: ", ") + "."
                )
            }
        } else if state.keys.contains(where: { $0.hasPrefix("encoder.") }) {
            flavor = .unetr
            for (key, entry) in state where key.hasPrefix("encoder.") {
                model["image_" + key] = entry
            }
            decoder = decoderTensors(state)
        } else if state["out_conv.weight"] != nil {
            flavor = .decoder
            decoder = decoderTensors(state)
        } else {
            throw .missingKey(
                file: file,
                key: "image_encoder.*",
                advice:
                    "The names in the file (for example \(examples(of: state))) are not those of "
                    + "a SAM checkpoint."
            )
        }
    }

    private func decoderTensors(_ state: [String: TensorEntry]) -> [String: TensorEntry] {
        state.filter { !$0.key.hasPrefix("encoder.") }
    }

    // MARK: - Values

    private mutating func state(_ key: String, of root: CheckpointDictionary)
        throws(CheckpointError) -> [String: TensorEntry]
    {
        switch root[key] {
        case .dictionary(let dictionary):
            return try tensors(of: dictionary, path: key + ".", isPlain: false)
        case .unknown(let name):
            throw .refusedGlobal(file: file, key: key, global: name)
        case let other:
            throw .malformed(
                file: file,
                what: "'\(key)' is \(other?.kind ?? "missing"), not a dictionary of weights"
            )
        }
    }

    /// The tensors of a dictionary.
    ///
    /// - Parameter isPlain: The dictionary is the whole file, where other things may lie beside weights.
    private mutating func tensors(of dictionary: CheckpointDictionary, path: String, isPlain: Bool)
        throws(CheckpointError) -> [String: TensorEntry]
    {
        var result: [String: TensorEntry] = [:]
        result.reserveCapacity(dictionary.count)
        for key in dictionary.keys {
            switch dictionary[key] {
            case .tensor(let entry): result[key] = entry
            case .unknown(let name) where !isPlain || CheckpointParts.isWeightName(key):
                throw .refusedGlobal(file: file, key: path + key, global: name)
            case let other:
                if isPlain, let text = CheckpointParts.text(other) {
                    metadata[key] = text
                } else if let other, warnings.count < 20 {
                    warnings.append("'\(path)\(key)' is \(other.kind) and was left out.")
                }
            }
        }
        return result
    }

    private static func isWeightName(_ key: String) -> Bool {
        modelPrefixes.contains { key.hasPrefix($0) || key.hasPrefix("sam." + $0) }
            || key.hasSuffix(".weight") || key.hasSuffix(".bias")
    }

    /// A number or text as text.
    private static func text(_ value: CheckpointValue?) -> String? {
        switch value {
        case .integer(let value): String(value)
        case .number(let value): String(value)
        case .string(let value): value
        case .bool(let value): String(value)
        default: nil
        }
    }

    /// Removes a prefix from every key that has it; a key that would be taken stays as it is.
    private static func removing(_ prefix: String, from state: [String: TensorEntry])
        -> [String: TensorEntry]
    {
        var result: [String: TensorEntry] = [:]
        result.reserveCapacity(state.count)
        for (key, entry) in state {
            let short = key.hasPrefix(prefix) ? String(key.dropFirst(prefix.count)) : key
            let isTaken = short != key && state[short] != nil
            result[isTaken ? key : short] = entry
        }
        return result
    }

    private func examples(of state: [String: TensorEntry]) -> String {
        let names = state.keys.sorted().prefix(3).map { "'\($0)'" }
        return names.isEmpty ? "none" : names.joined(separator: ", ")
    }

    private func refuseQuantized() throws(CheckpointError) {
        let mark = model.keys.first { $0.hasSuffix(".weight.absmax") || $0.contains(".quant_map") }
        if let mark {
            throw .unsupported(
                file: file,
                what: "4-bit quantised weights ('\(mark)')",
                advice: "Export the model with micro-sam's export_custom_qlora_model first."
            )
        }
    }
}
