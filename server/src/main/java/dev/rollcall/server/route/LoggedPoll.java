package dev.rollcall.server.route;

import dev.rollcall.engine.Subscribe;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import dev.rollcall.server.access.Operation;
import dev.rollcall.server.metrics.RequestLog;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** A poll whose answer is logged. Keeps what the line needs, which is why there is one only where somebody asked for it. */
final class LoggedPoll extends PollResponse {
    private final RequestLog log;
    private final SubscribeKey key;
    private final @Nullable UserId user;
    private final InetAddress address;
    private final long startNanos = System.nanoTime();

    LoggedPoll(Call call, Subscribe subscribe, Form form, RequestLog log) {
        super(call.exchange, form);
        this.log = log;
        key = subscribe.key();
        user = subscribe.user();
        address = call.request.client();
    }

    @Override
    void answered(int status) {
        long nanos = System.nanoTime() - startNanos;
        log.answered(Operation.SUBSCRIBE, key, user == null ? null : user.value(), status, nanos, address);
    }
}
