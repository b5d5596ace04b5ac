import Testing
import Torch

@Suite("Tensor", .serialized)
struct TensorTests {
    @Test("Elements survive the way to libtorch and back")
    func roundTrip() throws {
        let x = try Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: 2, 3)
        #expect(x.shape == [2, 3])
        #expect(x.dtype == .float32)
        #expect(try x.elements(as: Float.self) == [1, 2, 3, 4, 5, 6])
        #expect(try x.transposed(0, 1).elements(as: Float.self) == [1, 4, 2, 5, 3, 6])
    }

    @Test("A shape that does not fit the elements is refused")
    func wrongShape() {
        #expect(throws: TensorError.self) { try Tensor([1, 2, 3] as [Float], shape: 2, 2) }
    }

    @Test("A failing operation names itself and the shapes of its operands")
    func failure() throws {
        let a = try Tensor.ones([2, 3])
        let b = try Tensor.ones([2, 3])
        let error = try #require(throws: TensorError.self) { try a.matmul(b) }
        guard case .operationFailed("matmul", [[2, 3], [2, 3]], let message) = error else {
            Issue.record("unexpected \(error)")
            return
        }
        #expect(!message.contains("Exception raised from"))
    }

    @Test("Lack of memory is its own error, and the process goes on")
    func outOfMemory() throws {
        let error = try #require(throws: TensorError.self) { try Tensor.zeros([1 << 44]) }
        guard case .outOfMemory = error else {
            Issue.record("unexpected \(error)")
            return
        }
        #expect(try Tensor.ones([3]).sum().item() == 3)
    }

    @Test("A slice outside the tensor is an error, not an empty result")
    func slice() throws {
        let x = try Tensor.arange(5)
        #expect(try x.sliced(0, 1..<4, step: 2).elements(as: Float.self) == [1, 3])
        #expect(throws: TensorError.self) { try x.sliced(0, 3..<7) }
    }

    @Test("Whole numbers stay whole when a whole number is added")
    func wholeNumbers() throws {
        let x = try Tensor([1, 2] as [Int64], shape: 2)
        #expect(try (x + 1).elements(as: Int64.self) == [2, 3])
        #expect(try (x * 0.5).dtype == .float32)
    }

    @Test("Reading as another type is refused")
    func wrongType() throws {
        let x = try Tensor.arange(5)
        #expect(throws: TensorError.self) { try x.elements(as: Double.self) }
    }

    @Test("Borrowed memory is released with the last tensor that needs it")
    func borrowed() throws {
        final class Owner: Sendable {
            let memory: [Float] = [1, 2, 3, 4]
        }
        weak var weakOwner: Owner?
        do {
            let owner = Owner()
            weakOwner = owner
            var view: Tensor?
            try owner.memory.withUnsafeBytes { bytes in
                let start = try #require(bytes.baseAddress)
                view = try Tensor(borrowing: start, shape: [4], dtype: .float32, owner: owner)
            }
            #expect(try view?.sum().item() == 10)
        }
        #expect(weakOwner == nil)
    }

    @Test("Gradients flow, and not in inference mode")
    func gradients() throws {
        let x = try Tensor([2, 3] as [Float], shape: 2)
        try x.setRequiresGradient(true)
        try (x * x).sum().backward()
        #expect(try x.gradient()?.elements(as: Float.self) == [4, 6])
        let y = try withInferenceMode { () throws(TensorError) in try x * x }
        #expect(!y.requiresGradient)
        let z = try withoutGradients { () throws(TensorError) in try x * x }
        #expect(!z.requiresGradient)
    }

    @Test("The same seed gives the same numbers")
    func seeded() throws {
        let a = try Tensor.normal([5], using: RandomGenerator(seed: 7))
        let b = try Tensor.normal([5], using: RandomGenerator(seed: 7))
        let c = try Tensor.normal([5], using: RandomGenerator(seed: 8))
        #expect(try a.isIdentical(to: b))
        #expect(try !a.isIdentical(to: c))
    }

    @Test("Devices are read from and written to text", arguments: ["cpu", "mps", "cuda", "cuda:3"])
    func devices(name: String) {
        #expect(Device(name)?.description == name)
        #expect(Device("gpu") == nil)
        #expect(Device("cuda:-1") == nil)
    }
}
