/// Names of options that users of micro-sam and Cellpose know, in our words.
///
/// What means the same is accepted; the rest is answered.
public struct ForeignOptions: Sendable {
    /// What becomes of an option.
    private enum Answer {
        /// It is the same as ours.
        case ours(String)
        /// It names an input, which needs no option.
        case input
        /// What is done in its place.
        case advice(String)
    }

    private let commands: [String]

    /// Knows the options of a command.
    ///
    /// - Parameter arguments: The whole command.
    public init(in arguments: [String]) {
        commands = arguments.prefix { !$0.hasPrefix("-") }.prefix(2).map { $0 }
    }

    /// The arguments in our words.
    ///
    /// Options may be written with `_` for `-`, and sizes of two numbers as two arguments.
    ///
    /// - Throws: ``Advice`` for an option that has no counterpart.
    public func translated(_ arguments: [String]) throws(Advice) -> [String] {
        var result: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument != "--" else { return result + [argument] + rest }
            guard argument.hasPrefix("-"), Double(argument) == nil else {
                result.append(argument)
                continue
            }
            let parts = argument.split(separator: "=", maxSplits: 1)
            let name = String(parts[0]).replacing("_", with: "-")
            let value = parts.count > 1 ? "=\(parts[1])" : ""
            switch answer(to: name) {
            case .ours(let ours): result.append(ours + value)
            case .input:
                if !value.isEmpty { result.append(String(value.dropFirst())) }
            case .advice(let advice): throw Advice(description: "\(argument): \(advice).")
            case nil:
                result.append(argument.hasPrefix("--") ? name + value : argument)
                guard Self.pairs.contains(name), value.isEmpty else { continue }
                let numbers = rest.prefix { Int($0) != nil }
                guard numbers.count >= 2 else { continue }
                result.append(numbers.prefix(2).joined(separator: ","))
                rest = rest.dropFirst(2)
            }
        }
        return result
    }

    /// Why an option has no counterpart, and what to do.
    public struct Advice: Error, CustomStringConvertible {
        /// One sentence.
        public let description: String
    }

    /// Options whose value is a height and a width.
    private static let pairs = ["--tile-shape", "--halo", "--patch-size"]

    private func answer(to name: String) -> Answer? {
        switch commands.first {
        case "segment", "embed", "prompt":
            if ["-e", "--embedding-path"].contains(name) {
                let ours = ["embed": "--output", "prompt": "--embedding"]
                return .ours(ours[commands[0]] ?? "--embeddings")
            }
            return Self.segmenting[name]
        case "evaluate":
            return ["-m", "--model-type"].contains(name) ? .ours("--model") : nil
        case "train":
            return Self.training[name]
        case "models" where commands.last == "convert":
            return name == "--diameter" ? .advice(Self.suited) : nil
        default: return nil
        }
    }

    private static let suited =
        "the diameter in pixels of an image is an option of 'usam segment'; the one that suits a model, "
        + "in pixels of its frame of 1024, is --suited-diameter"

    private static let segmenting: [String: Answer] = [
        // micro-sam
        "-i": .input, "--input-path": .input,
        "-m": .ours("--model"), "--model-type": .ours("--model"),
        "-c": .ours("--model"), "--checkpoint": .ours("--model"),
        "--output-path": .ours("--output"),
        "-d": .ours("--device"),
        "--pattern": .advice("name a pattern as the input, such as 'images/*.tif'"),
        "-n": .advice("--each-plane segments every slice of a stack for itself"),
        "--ndim": .advice("--each-plane segments every slice of a stack for itself"),
        "--annotate": .advice("there is no napari here; --overlay draws pictures to look at"),
        "--verbose": .advice("progress is always shown; --quiet turns it off"),
        // Cellpose
        "--dir": .input, "--image-path": .input,
        "--pretrained-model": .advice("models of Cellpose are not read; --model names one of ours"),
        "--savedir": .ours("--output"),
        "--use-gpu": .advice("a GPU is used if there is one; --device cpu prevents it"),
        "--gpu-device": .advice("--device cuda:0 chooses one"),
        "--chan": .advice("--channel chooses channels, counted from 0 or by their names"),
        "--chan2": .advice("--channel 0,1 shows two channels, counted from 0"),
        "--do-3D": .advice("--each-plane segments every slice of a stack for itself"),
        "--flow-threshold": .advice("the shapes of objects follow --boundary-distance-threshold"),
        "--cellprob-threshold": .advice("--foreground-threshold decides where objects lie"),
        "--save-tif": .advice("labels are written as TIFF; --format chooses others"),
        "--save-png": .advice("labels are written as TIFF; --overlay draws pictures"),
        "--save-outlines": .advice("--overlay draws outlines, --format geojson writes them"),
        "--save-rois": .advice("--format roi writes regions of ImageJ"),
        "--look-one-level-down": .ours("--recursive"),
    ]

    private static let training: [String: Answer] = [
        "-m": .ours("--model"), "--model-type": .ours("--model"),
        "--pretrained-model": .advice("models of Cellpose are not read; --model names one of ours"),
        "--dir": .advice("--images and --labels name images and labels"),
        "--train": .advice("leave it out; --images and --labels name images and labels"),
        "--n-epochs": .ours("--epochs"),
        "--diameter": .advice(suited),
    ]
}
