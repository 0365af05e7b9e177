package dev.rollcall.server.http;

import java.net.InetAddress;

/** What counts as one client: an IPv4 address, or the 64 bits of an IPv6 address that name a network. */
public final class AddressKey {
    private static final int IPV4_BYTES = 4;
    private static final int NETWORK_BYTES = 8;

    private AddressKey() {}

    /** Returns a number of its own for each. IPv4 addresses take numbers of {@code ::/32}, a network that nobody has. */
    public static long of(InetAddress address) {
        byte[] bytes = address.getAddress();
        int length = bytes.length == IPV4_BYTES ? IPV4_BYTES : NETWORK_BYTES;
        long key = 0;
        for (int i = 0; i < length; i++) {
            key = key << Byte.SIZE | bytes[i] & 0xff;
        }
        return key;
    }
}
