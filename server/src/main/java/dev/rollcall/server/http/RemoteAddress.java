package dev.rollcall.server.http;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Who is at the other end of a connection. */
final class RemoteAddress {
    private RemoteAddress() {}

    /** Returns the numeric address, empty if the connection is gone already. */
    static String of(Channel channel) {
        if (channel.remoteAddress() instanceof InetSocketAddress socketAddress) {
            InetAddress address = socketAddress.getAddress();
            if (address != null) {
                return address.getHostAddress();
            }
        }
        return "";
    }
}
