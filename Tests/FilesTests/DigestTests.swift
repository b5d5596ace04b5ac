import Files
import Foundation
import Testing

@Suite("Digests")
struct DigestTests {
    private let million = String(repeating: "a", count: 1_000_000)

    @Test("SHA-256 gives the published results")
    func sha256() throws {
        let place = try TemporaryFolder()
        for (text, expected) in [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (million, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
        ] {
            let path = try place.write(Array(text.utf8), to: "text")
            let ofFile = try FileDigest(of: URL(filePath: path), algorithm: .sha256)
            #expect(ofFile.hexadecimal == expected)
            #expect(try FileDigest(of: Array(text.utf8), algorithm: .sha256) == ofFile)
        }
    }

    @Test(
        "SHA-1 gives the published results, however the bytes are cut",
        arguments: [1, 63, 64, 997]
    )
    func sha1(piece: Int) {
        for (text, expected) in [
            ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
            ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (String(million.prefix(10_000)), "a080cbda64850abb7b7f67ee875ba068074ff6fe"),
        ] {
            var hash = SHA1()
            let bytes = Array(text.utf8)
            for start in stride(from: 0, to: bytes.count, by: piece) {
                bytes[start..<min(start + piece, bytes.count)].withUnsafeBytes { hash.update($0) }
            }
            #expect(hash.finish() == expected)
        }
    }

    @Test("XXH128 of nothing is the one of the reference implementation")
    func xxh128() throws {
        let digest = try FileDigest(of: [], algorithm: .xxh128)
        #expect(digest.description == "xxh128:99aa06d3014798d86001c324468d497f")
    }

    @Test("The digest of a folder knows names, sizes and contents")
    func folders() throws {
        let place = try TemporaryFolder()
        func digest() throws -> String { try ContentDigest.digest(of: place.url.path) }
        try place.write([1, 2], to: "a")
        let first = try digest()
        #expect(first.hasPrefix("xxh128-tree:"))
        try place.write([1, 3], to: "a")
        let second = try digest()
        try FileManager.default.moveItem(atPath: place.path("a"), toPath: place.path("b"))
        let third = try digest()
        #expect(Set([first, second, third]).count == 3)
        try place.write([1, 2], to: "a")
        try FileManager.default.removeItem(atPath: place.path("b"))
        #expect(try digest() == first)
    }

    @Test("The digest of a file leaves out its data set; what is missing is named")
    func files() throws {
        let place = try TemporaryFolder()
        let path = try place.write([1, 2], to: "a.h5")
        #expect(try ContentDigest.digest(of: path + "#raw") == ContentDigest.digest(of: path))
        let error = #expect(throws: FileError.self) {
            try ContentDigest.digest(of: place.path("b"))
        }
        #expect(error?.kind == .notFound)
        #expect(error?.description == "\(place.path("b")): there is no such file")
    }
}
