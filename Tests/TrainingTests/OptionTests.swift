import Foundation
import Testing
import Training

@Suite("Training options")
struct TrainingOptionTests {
    @Test("Options survive JSON")
    func roundTrip() throws {
        var options = TrainingOptions()
        options.adapter = AdapterOptions()
        options.iterations = 7
        let data = try JSONEncoder().encode(options)
        #expect(try JSONDecoder().decode(TrainingOptions.self, from: data) == options)
    }
}
