/// Small HDF5 files with one data set, `raw`.
///
/// `chunked` and `contiguous` hold `15 * x + 7 * y`, 9 x 7 elements of big-endian uint16 (gzip, shuffle,
/// checksum) and of float32; `lzf` holds 32 x 16 zeros.
package enum HDF5Samples {
    package static let chunked = file(
        4149,
        [
            (
                0,
                """
                iUhERg0KGgoAAAAAAAgIAAQAEAAAAAAAAAAAAAAAAAD//////////zUQAAAAAAAA//////////8A
                AAAAAAAAAGAAAAAAAAAAAQAAAAAAAACIAAAAAAAAAKgCAAAAAAAAAQABAAEAAAAYAAAAAAAAABEA
                EAAAAAAAiAAAAAAAAACoAgAAAAAAAFRSRUUAAAEA/////////////////////wAAAAAAAAAAMAQA
                AAAAAAAI
                """
            ),
            (
                657,
                """
                AAAAAAAAAAAAAAAAAAAAAAAAAAAAAABIRUFQAAAAAFgAAAAAAAAAEAAAAAAAAADIAgAAAAAAAAAA
                AAAAAAAAcmF3AAAAAAABAAAAAAAAAEg=
                """
            ),
            (
                777,
                """
                AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABAAYAAQAAAAABAAAAAAAAAQAoAAAAAAABAgEAAAAAAAcA
                AAAAAAAACQAAAAAAAAAHAAAAAAAAAAkAAAAAAAAAAwAQAAEAAAAQAQAAAgAAAAAAEAAAAAAABQAI
                AAEAAAACAwIBAAAAAAsAUAABAAAAAQMAAAAAAAACAAgAAQABAHNodWZmbGUAAgAAAAAAAAABAAgA
                AQABAGRlZmxhdGUABAAAAAAAAAADABAAAAAAAGZsZXRjaGVyMzIAAAAAAAAIABgAAAAAAAMCA3gF
                AAAAAAAABAAAAAUAAAACAAAAAAAAKA==
                """
            ),
            (
                1049,
                """
                AAAAAAAAAAAAAAAAAAAAAAAAAAAAAABTTk9EAQABAAgAAAAAAAAAIAM=
                """
            ),
            (
                1377,
                """
                AAAAAAAAAAAAAAAAAAAAAAAAAAAAAABUUkVFAQAEAP////////////////////8i
                """
            ),
            (
                1433,
                """
                AAAAAAAAAAAAAAAAAAAAAAAAAAAAAACwDwAAAAAAACMAAAAAAAAAAAAAAAAAAAAFAAAAAAAAAAAA
                AAAAAAAA0g8AAAAAAAAgAAAAAAAAAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAPUPAAAAAAAAIAAA
                AAAAAAAEAAAAAAAAAAUAAAAAAAAAAAAAAAAAAAAVEAAAAAAAAAAAAAAAAAAABAAAAAAAAAAFAAAA
                AAAAAAI=
                """
            ),
            (
                3993,
                """
                AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB4XmNgwAL45XRt2MVUTZz5ZHWsvURVjJ0CARueAysR1t/S
                eF5jYMAE3lGZFQxBiQX1DJEZ5W0MCfl1vQwARoAGwd8X13p4XmNgwAQy2laeEcpGjgHxWpYe4Wlg
                MQAuiwPQuMVQaHheY2DABOllrVMY8mp7ZjOUtkxeBBEDAFIIBjeDXF8r
                """
            ),
        ]
    )

    package static let lzf = file(
        4028,
        [
            (
                0,
                """
                iUhERg0KGgoAAAAAAAgIAAQAEAAAAAAAAAAAAAAAAAD//////////7wPAAAAAAAA//////////8A
                AAAAAAAAAGAAAAAAAAAAAQAAAAAAAACIAAAAAAAAAKgCAAAAAAAAAQABAAEAAAAYAAAAAAAAABEA
                EAAAAAAAiAAAAAAAAACoAgAAAAAAAFRSRUUAAAEA/////////////////////wAAAAAAAAAAMAQA
                AAAAAAAI
                """
            ),
            (
                657,
                """
                AAAAAAAAAAAAAAAAAAAAAAAAAAAAAABIRUFQAAAAAFgAAAAAAAAAEAAAAAAAAADIAgAAAAAAAAAA
                AAAAAAAAcmF3AAAAAAABAAAAAAAAAEg=
                """
            ),
            (
                777,
                """
                AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABAAYAAQAAAAABAAAAAAAAAQAoAAAAAAABAgEAAAAAABAA
                AAAAAAAAIAAAAAAAAAAQAAAAAAAAACAAAAAAAAAAAwAQAAEAAAAQAAAAAQAAAAAACAAAAAAABQAI
                AAEAAAACAwIBAAAAAAsAKAABAAAAAQEAAAAAAAAAfQgAAQADAGx6ZgAAAAAABAAAAAUBAAAAAgAA
                AAAAAAgAGAAAAAAAAwIDeAUAAAAAAAAQAAAAIAAAAAEAAAAAAABQ
                """
            ),
            (
                1049,
                """
                AAAAAAAAAAAAAAAAAAAAAAAAAAAAAABTTk9EAQABAAgAAAAAAAAAIAM=
                """
            ),
            (
                1377,
                """
                AAAAAAAAAAAAAAAAAAAAAAAAAAAAAABUUkVFAQABAP////////////////////8M
                """
            ),
            (
                1433,
                """
                AAAAAAAAAAAAAAAAAAAAAAAAAAAAAACwDwAAAAAAAAAAAAAAAAAAEAAAAAAAAAAgAAAAAAAAAAE=
                """
            ),
            (
                3993,
                """
                AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABAADg/wDg6wAB
                """
            ),
        ]
    )

    package static let contiguous = file(
        1652,
        [
            (
                0,
                """
                iUhERg0KGgoAAAAAAAgIAAQAEAAAAAAAAAAAAAAAAAD//////////3QGAAAAAAAA//////////8A
                AAAAAAAAAGAAAAAAAAAAAQAAAAAAAACIAAAAAAAAAKgCAAAAAAAAAQABAAEAAAAYAAAAAAAAABEA
                EAAAAAAAiAAAAAAAAACoAgAAAAAAAFRSRUUAAAEA/////////////////////wAAAAAAAAAAMAQA
                AAAAAAAI
                """
            ),
            (
                657,
                """
                AAAAAAAAAAAAAAAAAAAAAAAAAAAAAABIRUFQAAAAAFgAAAAAAAAAEAAAAAAAAADIAgAAAAAAAAAA
                AAAAAAAAcmF3AAAAAAABAAAAAAAAAEg=
                """
            ),
            (
                777,
                """
                AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABAAUAAQAAAAABAAAAAAAAAQAoAAAAAAABAgEAAAAAAAcA
                AAAAAAAACQAAAAAAAAAHAAAAAAAAAAkAAAAAAAAAAwAYAAEAAAARIB8ABAAAAAAAIAAXCAAXfwAA
                AAAAAAAFAAgAAQAAAAICAgEAAAAACAAYAAAAAAADAXgFAAAAAAAA/AAAAAAAAAAAAAAAAAAAAHg=
                """
            ),
            (
                1049,
                """
                AAAAAAAAAAAAAAAAAAAAAAAAAAAAAABTTk9EAQABAAgAAAAAAAAAIAM=
                """
            ),
            (
                1383,
                """
                AAAAAAAAAAAAAAAAAAAAAAAAAAAAAABwQQAA8EEAADRCAABwQgAAlkIAALRCAADSQgAA8EIAAOBA
                AACwQQAAFEIAAFBCAACGQgAApEIAAMJCAADgQgAA/kIAAGBBAADoQQAAMEIAAGxCAACUQgAAskIA
                ANBCAADuQgAABkMAAKhBAAAQQgAATEIAAIRCAACiQgAAwEIAAN5CAAD8QgAADUMAAOBBAAAsQgAA
                aEIAAJJCAACwQgAAzkIAAOxCAAAFQwAAFEMAAAxCAABIQgAAgkIAAKBCAAC+QgAA3EIAAPpCAAAM
                QwAAG0MAAChCAABkQgAAkEIAAK5CAADMQgAA6kIAAARDAAATQwAAIkM=
                """
            ),
        ]
    )

    /// A file of zeros but for the parts that are given by their offset.
    private static func file(_ size: Int, _ parts: [(offset: Int, text: String)]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: size)
        for part in parts {
            let content = Base64.decoded(part.text)
            bytes.replaceSubrange(part.offset..<part.offset + content.count, with: content)
        }
        return bytes
    }
}
