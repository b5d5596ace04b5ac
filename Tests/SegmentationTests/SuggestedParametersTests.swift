import Segmentation
import Testing

@Suite("Parameters that a model carries")
struct SuggestedParametersTests {
    @Test("Are read as they were written")
    func roundTrip() {
        let values = ["center_distance_threshold": 0.7, "min_size": 25, "distance_smoothing": 1.2]
        let metadata = [SuggestedParameters.key: SuggestedParameters(values).text]
        #expect(SuggestedParameters(metadata: metadata)?.values == values)
        #expect(SuggestedParameters(metadata: [:]) == nil)
    }

    @Test(
        "Are left aside when they make no sense",
        arguments: [
            "", "[]", "{}", "{\"min_size\":\"many\"}", "{\"min_size\":-1}", "{\"min_size\":1e300}",
            "{\"center_distance_threshold\":1.5}", "{\"distance_smoothing\":1e9}",
            "{\"unknown\":1}", "{\"min_size\":25,\"nms_threshold\":0.5}",
        ]
    )
    func nonsense(text: String) {
        #expect(SuggestedParameters(metadata: [SuggestedParameters.key: text]) == nil)
    }
}
