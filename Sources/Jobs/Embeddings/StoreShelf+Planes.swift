public import Foundation
public import ImageFormats
import Imaging
public import Prompting
public import Segmentation

extension StoreShelf {
    /// Opens the store of a plane, or of the stack that the plane belongs to, or begins one of the plane.
    ///
    /// - Parameters:
    ///   - url: The folder of the store.
    ///   - plane: The plane whose embeddings are wanted.
    ///   - pixels: Its pixels, if they are in memory already.
    ///   - planner: How planes are divided, and for which model.
    ///   - isWritable: Whether missing parts are stored; otherwise the store must be complete.
    /// - Throws: As ``StoreShelf/init(_:of:plane:model:base:isWritable:_:)``.
    public convenience init(
        _ url: URL,
        holding plane: PlaneSource,
        pixels: PlanePixels? = nil,
        _ planner: Planner,
        isWritable: Bool,
        _ work: Work = Work()
    ) throws {
        // What cannot be opened is begun, or refused, by the shelf.
        let depth = try? EmbeddingStore(opening: url).depth
        let stack = depth.flatMap { plane.stack(ofDepth: $0) }
        try self.init(
            url,
            of: stack.map { PlaneStack($0.planes) } ?? PlaneStack(pixels?.source ?? plane),
            plane: stack?.place ?? 0,
            model: planner.model.identity,
            base: planner.base(of: plane.size),
            isWritable: isWritable,
            work
        )
    }
}
