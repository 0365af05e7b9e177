package dev.rollcall.server.http.io;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Who is at the other end of a connection. */
public final class RemoteAddress {
    /** Stands for a peer that is gone already. */
    private static final InetAddress UNKNOWN;

    static {
        try {
            UNKNOWN = InetAddress.getByAddress(new byte[4]);
        } catch (UnknownHostException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private RemoteAddress() {}

    /** Returns the numeric address as log lines have it. */
    public static String text(Channel channel) {
        return of(channel).getHostAddress();
    }

    /** Returns the address, 0.0.0.0 if the connection is gone already. */
    public static InetAddress of(Channel channel) {
        if (channel.remoteAddress() instanceof InetSocketAddress socketAddress) {
            InetAddress address = socketAddress.getAddress();
            if (address != null) {
                return address;
            }
        }
        return UNKNOWN;
    }
}
