public import Foundation

/// Where downloaded files lie: the folder that micro-sam uses, so that both programs share them.
public enum CacheFolder {
    /// The cache folder: `MICROSAM_CACHEDIR`, or `micro_sam` in the cache folder of the user.
    ///
    /// That is `$XDG_CACHE_HOME` or `~/.cache` on Linux and `~/Library/Caches` on macOS.
    ///
    /// - Parameter environment: The variables of the process.
    public static func url(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> URL {
        let home =
            environment["HOME"].map { URL(fileURLWithPath: $0, isDirectory: true) }
            ?? FileManager.default.homeDirectoryForCurrentUser
        if let folder = environment["MICROSAM_CACHEDIR"], !folder.isEmpty {
            if folder == "~" { return home }
            if folder.hasPrefix("~/") {
                return home.appendingPathComponent(String(folder.dropFirst(2)))
            }
            return URL(fileURLWithPath: folder, isDirectory: true)
        }
        #if os(macOS)
            return home.appendingPathComponent("Library/Caches/micro_sam", isDirectory: true)
        #else
            if let folder = environment["XDG_CACHE_HOME"], folder.hasPrefix("/") {
                return URL(fileURLWithPath: folder, isDirectory: true)
                    .appendingPathComponent("micro_sam", isDirectory: true)
            }
            return home.appendingPathComponent(".cache/micro_sam", isDirectory: true)
        #endif
    }
}
