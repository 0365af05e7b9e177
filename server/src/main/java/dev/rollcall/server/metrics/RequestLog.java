package dev.rollcall.server.metrics;

import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.access.Operation;
import java.net.InetAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a line for each answered request, where somebody asked for it. Tells what was asked for and by whom, and nothing that opens
 * anything: no path, since messages and tokens stand in some, no query, no header. Safe from any thread.
 */
public final class RequestLog {
    private static final Logger log = LoggerFactory.getLogger("dev.rollcall.requests");

    RequestLog() {}

    /**
     * Writes the line.
     *
     * @param nanos how long the server had the request; a waiting subscribe, how long it waited
     */
    public void answered(
            Operation operation,
            @Nullable SubscribeKey key,
            @Nullable String user,
            int status,
            long nanos,
            InetAddress address) {
        log.info(
                "request operation={} key={} user=\"{}\" status={} millis={} address={}",
                operation.label(),
                key == null ? "" : key.value(),
                user == null ? "" : user,
                status,
                String.format(Locale.ROOT, "%.3f", nanos / 1e6),
                address.getHostAddress());
    }
}
