import Files
import Foundation
import Testing

@Suite("Tables for people")
struct TextTableTests {
    private let header = ["data set", "images", "mAP", "box IoU"]

    @Test("A table that fits is written as it is, without columns that have no value")
    func fits() {
        let table = TextTable(
            header: header,
            rows: [["a", "3", "0.5", "-"], ["b", "4", "-", "-"]]
        )
        #expect(
            table.text(width: 40) == """
                data set  images  mAP
                a         3       0.5
                b         4       -
                """
        )
    }

    @Test("A single row that is too long becomes a line for each column")
    func single() {
        let table = TextTable(header: header, rows: [["a", "3", "0.5", "0.25"]])
        #expect(
            table.text(width: 20) == """
                data set  a
                images    3
                mAP       0.5
                box IoU   0.25
                """
        )
    }

    @Test("Several rows become blocks, each with the names of the rows")
    func blocks() {
        let table = TextTable(
            header: header,
            rows: [["a", "3", "0.5", "0.2"], ["b", "4", "0.6", "0.3"]]
        )
        let text = table.text(width: 21)
        #expect(
            text == """
                data set  images  mAP
                a         3       0.5
                b         4       0.6

                data set  box IoU
                a         0.2
                b         0.3
                """
        )
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 21 })
        // A first column and one more are the least.
        #expect(table.text(width: 1).components(separatedBy: "\n\n").count == 3)
    }
}
