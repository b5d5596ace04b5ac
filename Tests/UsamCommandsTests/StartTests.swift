#if os(Linux)
    import Foundation
    import JobSamples
    import Testing

    /// What the program sets before libtorch is loaded, and when that is.
    struct StartTests {
        /// What OpenMP says about its settings when a command loads it.
        private func settings(
            _ variables: [String: String?] = [:],
            of command: String = "info"
        ) throws -> String {
            let shown: [String: String?] = [
                "OMP_DISPLAY_ENV": "verbose", "OMP_WAIT_POLICY": nil, "GOMP_SPINCOUNT": nil,
            ]
            return try Program.run(
                [command],
                in: NSTemporaryDirectory(),
                variables: shown.merging(variables) { $1 }
            ).error
        }

        @Test
        func idleThreadsSleepSoon() throws {
            #expect(try settings().contains("GOMP_SPINCOUNT = '10000'"))
        }

        @Test
        func theUserChooses() throws {
            #expect(
                try settings(["GOMP_SPINCOUNT": "77"]).contains("GOMP_SPINCOUNT = '77'")
            )
            #expect(
                try settings(["OMP_WAIT_POLICY": "active"]).contains("OMP_WAIT_POLICY = 'ACTIVE'")
            )
        }

        @Test("The version loads neither libtorch nor its threads")
        func version() throws {
            #expect(try settings(of: "--version").isEmpty)
        }
    }
#endif
