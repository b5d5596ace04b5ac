public import Files
public import Foundation

/// The page of the annotator, which ships with the program.
public enum WebClient {
    /// The folder with `index.html`.
    ///
    /// - Throws: `FileError` if it is not beside the program.
    public static func folder() throws(FileError) -> URL {
        try PackagedResource("web", ofTarget: "WebClient").url()
    }
}
