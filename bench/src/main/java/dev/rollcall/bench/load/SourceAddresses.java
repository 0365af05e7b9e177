package dev.rollcall.bench.load;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where connections to a server on the loopback interface come from. A source address has about 28,000 ports towards one server, so
 * that from a certain number of connections on there must be more addresses: 127.0.0.2, 127.0.0.3, …
 */
final class SourceAddresses {
    private static final int CONNECTIONS_PER_ADDRESS = 20_000;
    private static final int MOST_ADDRESSES = 250;

    private SourceAddresses() {}

    /** Returns where the connection of this number comes from; null leaves it to the system. */
    static @Nullable SocketAddress of(int connection) {
        int address = connection / CONNECTIONS_PER_ADDRESS;
        if (address == 0) {
            return null;
        }
        if (address > MOST_ADDRESSES) {
            throw new IllegalArgumentException(
                    "connections: " + connection + " (expected: < " + CONNECTIONS_PER_ADDRESS * MOST_ADDRESSES + ")");
        }
        return new InetSocketAddress("127.0.0." + (address + 1), 0);
    }
}
