/// A file or folder that is to be written, and what must not be written over.
public struct OutputFile: Hashable, Sendable {
    /// Where it goes: a path that leads to the same place after the folders in it are made.
    public let path: String

    /// Takes a path as the user wrote it.
    public init(_ path: String) { self.path = FileName.settled(path) }

    /// What is there now; nil for nothing.
    public var status: FileStatus? { FileStatus(of: path) }

    /// The input that would be written over; nil if none would.
    ///
    /// - Parameter inputs: Files, or data sets in containers.
    public func replaced(among inputs: [String]) -> String? {
        guard let identity = status?.identity else { return nil }
        return inputs.first { FileStatus(of: FileName.container(of: $0))?.identity == identity }
    }
}
