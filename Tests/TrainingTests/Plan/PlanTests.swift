import Checkpoints
import Foundation
import Imaging
import Testing
import Training

@Suite("Training plans")
struct TrainingPlanTests {
    private static let laptop = MachineResources(cores: 4, freeMemory: 12 << 30)
    private static let tiny = TrainingSubject(
        architecture: .tinyViT(.mobileSAM),
        encoderValues: 6_000_000,
        promptValues: 4_000_000,
        decoderValues: 0
    )
    private static let base = TrainingSubject(
        architecture: .viT(.base),
        encoderValues: 89_000_000,
        promptValues: 4_000_000,
        decoderValues: 0
    )

    private static func data(
        planes: Int = 5,
        width: Int = 360,
        diameter: Double = 17
    ) -> TrainingPlan.Data {
        TrainingPlan.Data(
            planeCount: planes,
            largestSize: Size(width: width, height: 256),
            medianDiameter: diameter,
            largestObjectCount: 40
        )
    }

    private static func plan(
        preset: TrainingPreset = .auto,
        data: TrainingPlan.Data = data(),
        subject: TrainingSubject = tiny,
        machine: MachineResources = laptop,
        _ change: (inout TrainingChoices) -> Void = { _ in }
    ) throws -> TrainingPlan {
        var choices = TrainingChoices()
        change(&choices)
        return try TrainingPlan(
            choices,
            preset: preset,
            data: data,
            subject: subject,
            machine: machine
        )
    }

    @Test("The machine decides the preset")
    func presets() {
        let suggested = { TrainingPreset.suggested(for: $0) }
        #expect(suggested(Self.laptop) == .laptop)
        #expect(suggested(MachineResources(cores: 2, freeMemory: 2 << 30)) == .minimal)
        #expect(suggested(MachineResources(cores: 32, freeMemory: 64 << 30)) == .workstation)
        #expect(suggested(MachineResources(cores: 32, freeMemory: 8 << 30)) == .laptop)
        let gpu = MachineResources(cores: 4, freeMemory: 12 << 30, gpuMemory: 16 << 30)
        #expect(suggested(gpu) == .gpu)
    }

    @Test(
        "The size of objects decides the crops of networks that accept them",
        arguments: zip([17, 60, 300], [256, 512, 512])
    )
    func crops(diameter: Int, side: Int) throws {
        let plan = try Self.plan(data: Self.data(diameter: Double(diameter)))
        #expect(plan.training.frameSide == side && plan.sampling.cropSide == side)
        #expect(plan.sampling.framing == .frame)
        let whole = try Self.plan(data: Self.data(diameter: Double(diameter)), subject: Self.base)
        #expect(whole.training.frameSide == 1024)
    }

    @Test("Small objects are enlarged for models that carry a diameter, unless told otherwise")
    func enlargement() throws {
        var subject = Self.tiny
        #expect(try Self.plan(subject: subject).sampling.objectDiameter == nil)
        subject.objectDiameter = 70
        let plan = try Self.plan(data: Self.data(diameter: 4), subject: subject)
        #expect(plan.sampling.objectDiameter == 70)
        // Four of them fit into a crop.
        #expect(plan.sampling.cropSide == 384)
        #expect(
            try Self.plan(subject: subject) { $0.objectDiameter = 0 }.sampling.objectDiameter == nil
        )
        #expect(try Self.plan { $0.objectDiameter = 50 }.sampling.objectDiameter == 50)
        subject.decoderDiameter = 20
        #expect(try Self.plan(subject: subject).sampling.decoderDiameter == 20)
        #expect(
            try Self.plan(subject: subject) { $0.objectDiameter = 50 }.sampling.decoderDiameter
                == nil
        )
        subject.decoderDiameter = nil
        #expect(
            try Self.plan(subject: subject) { $0.framing = .whole }.sampling.objectDiameter == nil
        )
    }

    @Test("Enlarging that would be without effect is refused, and the reason is said")
    func enlargementOfPatches() throws {
        let large = Self.data(width: 4000)
        #expect(
            throws: TrainingPlanError.enlargingPatches(largestSize: Size(width: 4000, height: 256))
        ) {
            try Self.plan(data: large) { $0.objectDiameter = 50 }
        }
        #expect(throws: TrainingPlanError.self) {
            try Self.plan(preset: .reference) { $0.objectDiameter = 50 }
        }
        let plan = try Self.plan(data: large) {
            $0.objectDiameter = 50
            $0.framing = .frame
        }
        #expect(plan.sampling.objectDiameter == 50)
        // What a start model carries is no wish of the user.
        var subject = Self.tiny
        subject.objectDiameter = 70
        #expect(try Self.plan(data: large, subject: subject).sampling.objectDiameter == nil)
    }

    @Test("Large images are seen as their tiles are")
    func largeImages() throws {
        let plan = try Self.plan(data: Self.data(width: 4000))
        #expect(plan.sampling.framing == .patch)
        #expect(plan.sampling.patchSize == Size(width: 256, height: 256))
        #expect(plan.training.frameSide == 256)
    }

    @Test("The reference's preset has the reference's values")
    func reference() throws {
        let plan = try Self.plan(
            preset: .reference,
            subject: Self.base,
            machine: MachineResources(cores: 8, freeMemory: 64 << 30)
        )
        var expected = TrainingOptions()
        expected.checkpointInterval = plan.training.checkpointInterval
        #expect(plan.training == expected)
        #expect(plan.sampling.patchSize == Size(width: 512, height: 512))
        #expect(plan.sampling.augmentation == AugmentationOptions())
        #expect(plan.sampling.minimumSamplesPerEpoch == 100)
    }

    @Test("What the user decided stays")
    func choices() throws {
        let plan = try Self.plan {
            $0.objectsPerImage = 3
            $0.cropSide = 256
            $0.learningRate = 2e-5
            $0.augmentation = TrainingChoices.Augmentation.none
            $0.parts = .promptable
            $0.validationFraction = 0.5
            $0.limits.earlyStopping = 0
        }
        #expect(plan.training.objectsPerImage == 3 && plan.training.frameSide == 256)
        #expect(plan.training.optimizer.learningRate == 2e-5)
        #expect(plan.training.earlyStopping == nil && plan.validationFraction == 0.5)
        #expect(plan.sampling.augmentation == .none && !plan.sampling.hasTargets)
    }

    @Test("Minutes take the place of epochs, and passes are short enough for them")
    func minutes() throws {
        let plan = try Self.plan(data: Self.data(planes: 3000)) { $0.limits.minutes = 10 }
        #expect(plan.training.epochs > 1000 && plan.training.earlyStopping == nil)
        #expect(plan.sampling.samplesPerEpoch == 20)
        #expect(try Self.plan(data: Self.data(planes: 3000)).sampling.samplesPerEpoch == nil)
    }

    @Test("A step size can only fall to zero where the end is known")
    func cooldown() throws {
        let plan = try Self.plan {
            $0.limits.iterations = 100
            $0.cooldownIterations = 40
        }
        #expect(plan.training.optimizer.cooldownIterations == 40)
        #expect(throws: TrainingPlanError.openEnd) {
            try Self.plan {
                $0.limits.minutes = 10
                $0.cooldownIterations = 40
            }
        }
    }

    @Test("Objects that images do not have are not asked for")
    func fewObjects() throws {
        var data = Self.data()
        data.largestObjectCount = 2
        #expect(try Self.plan(data: data).training.objectsPerImage == 2)
    }

    @Test("Memory decides what the user left open, and the plan says so")
    func saves() throws {
        let gpu = MachineResources(cores: 8, freeMemory: 64 << 30, gpuMemory: 10 << 30)
        let joint = try Self.plan(subject: Self.base, machine: gpu)
        #expect(joint.training.usesCheckpointing && joint.training.objectsPerImage == 25)
        #expect(joint.reasons.contains(.savings([.recomputing])))
        #expect(TrainingMemory(joint.training, Self.base).total <= 10 << 30)
        let small = MachineResources(cores: 8, freeMemory: 8 << 30)
        let fewer = try Self.plan(preset: .reference, subject: Self.base, machine: small) {
            $0.parts = .promptable
            $0.usesCheckpointing = false
        }
        #expect((2..<25).contains(fewer.training.objectsPerImage))
        #expect(
            fewer.reasons.contains(.savings([.objectsPerImage(fewer.training.objectsPerImage)]))
        )
        let cropped = try Self.plan(
            preset: .workstation,
            data: Self.data(diameter: 300),
            machine: MachineResources(cores: 4, freeMemory: 4 << 30)
        )
        #expect(cropped.training.frameSide == 640 && cropped.sampling.cropSide == 640)
    }

    @Test("Too little memory is an error that says what would fit")
    func tooLittle() throws {
        let error = #expect(throws: TrainingPlanError.self) {
            try Self.plan { $0.batchSize = 64 }
        }
        let text = "\(try #require(error))"
        #expect(
            text.contains("this machine has only 11.9 GB")
                && text.contains("these settings would fit: 1 image at a time")
        )
        let none = #expect(throws: TrainingPlanError.self) {
            try Self.plan(
                subject: Self.base,
                machine: MachineResources(cores: 1, freeMemory: 1 << 30)
            )
        }
        #expect("\(try #require(none))".contains("usam-tiny"))
        #expect(throws: TrainingPlanError.self) {
            var options = TrainingOptions()
            options.batchSize = 64
            try TrainingPlan.check(options, subject: Self.tiny, machine: Self.laptop)
        }
    }

    @Test("Choices that contradict the model are refused")
    func contradictions() throws {
        let crops = #expect(throws: TrainingPlanError.self) {
            try Self.plan(subject: Self.base) { $0.cropSide = 512 }
        }
        #expect("\(try #require(crops))".contains("vit_b"))
        let adapter = #expect(throws: TrainingPlanError.self) {
            try Self.plan {
                $0.adapter = AdapterOptions()
                $0.adapter?.kind = .ssf
            }
        }
        #expect("\(try #require(adapter))".contains("vit_t"))
        #expect(try Self.plan { $0.adapter = AdapterOptions() }.training.adapter?.kind == .lora)
        #expect(throws: TrainingPlanError.self) {
            try Self.plan(subject: Self.base) {
                $0.adapter = AdapterOptions()
                $0.frozen = ["image_encoder"]
            }
        }
    }

    @Test("A larger task needs more memory")
    func memory() {
        var options = TrainingOptions()
        let whole = TrainingMemory(options, Self.base).total
        options.usesCheckpointing = true
        let checkpointed = TrainingMemory(options, Self.base).total
        options.frozen = ["image_encoder"]
        let frozen = TrainingMemory(options, Self.base).total
        #expect(whole > checkpointed && checkpointed > frozen)
        options.frameSide = 512
        #expect(TrainingMemory(options, Self.base).total < frozen)
    }
}

@Suite("Free memory")
struct MachineResourcesTests {
    private final class Root {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("usam-root-\(UUID().uuidString)")

        deinit { try? FileManager.default.removeItem(at: url) }

        func write(_ files: [String: String]) throws {
            for (name, text) in files {
                let file = url.appendingPathComponent(name)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(),
                    withIntermediateDirectories: true
                )
                try Data(text.utf8).write(to: file)
            }
        }
    }

    private static let system = [
        "proc/meminfo": "MemTotal:  9000 kB\nMemAvailable:  5000 kB\n"
    ]

    @Test("Without groups it is what the system says")
    func system() throws {
        let root = Root()
        try root.write(Self.system)
        #expect(MachineResources.freeMemory(root: root.url) == 5000 * 1024)
    }

    @Test("The limit of a group counts, files in memory do not")
    func groups() throws {
        let root = Root()
        try root.write(Self.system)
        try root.write([
            "proc/self/cgroup": "0::/a/b\n",
            "sys/fs/cgroup/a/memory.max": "2000000\n",
            "sys/fs/cgroup/a/memory.current": "1500000\n",
            "sys/fs/cgroup/a/memory.stat": "anon 7\ninactive_file 300000\n",
            "sys/fs/cgroup/a/b/memory.max": "max\n",
            "sys/fs/cgroup/a/b/memory.current": "1000\n",
        ])
        #expect(MachineResources.freeMemory(root: root.url) == 800_000)
    }

    @Test("The older form of groups counts, too, and inside of a container the root is the group")
    func olderGroups() throws {
        let root = Root()
        try root.write(Self.system)
        try root.write([
            "proc/self/cgroup": "4:memory:/outside/x\n3:cpu:/\n",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": "3000000\n",
            "sys/fs/cgroup/memory/memory.usage_in_bytes": "1000000\n",
            "sys/fs/cgroup/memory/memory.stat": "inactive_file 1\ntotal_inactive_file 4\n",
        ])
        #expect(MachineResources.freeMemory(root: root.url) == 2_000_004)
        try root.write([
            "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n"
        ])
        #expect(MachineResources.freeMemory(root: root.url) == 5000 * 1024)
    }
}
