import NIOCore
import NIOHTTPTypes

/// Ends a connection whose client does not read what it asked for.
///
/// Bytes that wait to be sent keep memory, and whoever writes waits with them. A client that reads slowly is
/// served: it is enough that some bytes go out within the time.
final class StalledAnswers: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let patience: TimeAmount
    private var looks: RepeatedTask?

    /// Parts of answers that went out as a whole.
    private var sent = 0
    /// What there was at the last look.
    private var before = (sent: 0, waiting: 0)
    /// Looks in a row between which nothing went out.
    private var still = 0

    private static let looksUntilEnd = 4

    /// - Parameter patience: How long a client may read nothing.
    init(patience: TimeAmount) { self.patience = patience }

    func handlerAdded(context: ChannelHandlerContext) {
        let pause = TimeAmount.nanoseconds(patience.nanoseconds / Int64(Self.looksUntilEnd))
        let place = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        looks = context.eventLoop.scheduleRepeatedTask(initialDelay: pause, delay: pause) { _ in
            let (handler, context) = place.value
            handler.look(context)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { looks?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        looks?.cancel()
        context.fireChannelInactive()
    }

    func write(
        context: ChannelHandlerContext,
        data: NIOAny,
        promise: EventLoopPromise<Void>?
    ) {
        let promise = promise ?? context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { _ in self.sent += 1 }
        context.write(data, promise: promise)
    }

    private func look(_ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        let option = ChannelOptions.bufferedWritableBytes
        let waiting = (try? context.channel.syncOptions?.getOption(option)) ?? 0
        let isStill = waiting > 0 && waiting >= before.waiting && sent == before.sent
        still = isStill ? still + 1 : 0
        before = (sent, waiting)
        if still >= Self.looksUntilEnd { context.close(promise: nil) }
    }
}
