import Evaluation
import Testing

@Suite("Ranges of parameters")
struct ParameterRangeTests {
    @Test("Values to try are lists or ranges")
    func ranges() throws {
        let list = try #require(ParameterRange("min_size=0,50"))
        #expect(list.values == [.number(0), .number(50)])
        let range = try #require(ParameterRange("distance_smoothing=1:2:0.5"))
        #expect(range.values == [.number(1), .number(1.5), .number(2)])
        let flags = try #require(ParameterRange("intersection_over_min=true,false"))
        #expect(flags.values == [.flag(true), .flag(false)])
        for text in ["a", "a=", "a=x", "a=1,,2", "a=1:2", "a=2:1:1", "a=1:2:0", "a=1:2:nan"] {
            #expect(ParameterRange(text) == nil, "\(text)")
        }
    }
}
