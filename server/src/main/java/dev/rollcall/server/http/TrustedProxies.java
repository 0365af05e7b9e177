package dev.rollcall.server.http;

import io.netty.util.AsciiString;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The proxies that are believed when they say for whom they ask. Everybody else could write such a header themselves, so what is said counts
 * from its end, which the nearest proxy wrote, and only as far back as trusted proxies wrote it. Immutable.
 */
public final class TrustedProxies {
    /** Nobody is believed. */
    public static final TrustedProxies NONE = new TrustedProxies(List.of(), Header.X_FORWARDED_FOR);

    private final List<Network> networks;
    private final Header header;
    private final AsciiString headerName;

    /** In which header the proxies say it. Only one is read, for proxies let those through that they do not know. */
    public enum Header {
        /** {@code X-Forwarded-For: client, proxy}. */
        X_FORWARDED_FOR("x-forwarded-for"),
        /** {@code Forwarded: for=client, for=proxy}, RFC 7239. */
        FORWARDED("forwarded");

        private final String label;

        Header(String label) {
            this.label = label;
        }

        /** Returns the name, in small letters. */
        public String label() {
            return label;
        }
    }

    private record Network(byte[] address, int bits) {
        boolean contains(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int i = 0; i < bits; i += Byte.SIZE) {
                int mask = bits - i >= Byte.SIZE ? 0xff : 0xff << Byte.SIZE - (bits - i);
                if (((address[i / Byte.SIZE] ^ other[i / Byte.SIZE]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    private TrustedProxies(List<Network> networks, Header header) {
        this.networks = networks;
        this.header = header;
        headerName = AsciiString.cached(header.label());
    }

    /**
     * Reads addresses and networks such as {@code 10.0.0.0/8, 2001:db8::1}, separated by commas; none of them trusts nobody.
     *
     * @throws IllegalArgumentException if one is neither; the message begins with it
     */
    public static TrustedProxies parse(String list, Header header) {
        var networks = new ArrayList<Network>();
        for (String part : list.split(",", -1)) {
            String text = part.strip();
            if (!text.isEmpty()) {
                networks.add(network(text));
            }
        }
        return networks.isEmpty() ? NONE : new TrustedProxies(List.copyOf(networks), header);
    }

    private static Network network(String text) {
        int slash = text.indexOf('/');
        InetAddress address = address(slash < 0 ? text : text.substring(0, slash));
        if (address != null) {
            byte[] bytes = address.getAddress();
            int most = bytes.length * Byte.SIZE;
            int bits = slash < 0 ? most : bits(text.substring(slash + 1));
            if (bits >= 0 && bits <= most) {
                return new Network(bytes, bits);
            }
        }
        throw new IllegalArgumentException(text + " (expected: an address or a network such as 10.0.0.0/8)");
    }

    private static int bits(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Returns for whom {@code peer} asks: whom the header names, if the peer is trusted, or else itself. */
    public InetAddress client(InetAddress peer, RequestHead head) {
        if (networks.isEmpty() || !isTrusted(peer)) {
            return peer;
        }
        InetAddress client = peer;
        List<String> lines = head.headers(headerName);
        for (int line = lines.size() - 1; line >= 0; line--) {
            String[] hops = lines.get(line).split(",", -1);
            for (int hop = hops.length - 1; hop >= 0; hop--) {
                InetAddress said = address(hop(hops[hop]));
                if (said == null) {
                    return client;
                }
                client = said;
                if (!isTrusted(client)) {
                    return client;
                }
            }
        }
        return client;
    }

    private String hop(String text) {
        String address = text.strip();
        if (header == Header.FORWARDED) {
            address = forParameter(address);
        }
        if (address.startsWith("[")) {
            int end = address.indexOf(']');
            return end < 0 ? "" : address.substring(1, end);
        }
        int colon = address.indexOf(':');
        // one colon ends an IPv4 address with a port, more are an IPv6 address
        return colon >= 0 && colon == address.lastIndexOf(':') ? address.substring(0, colon) : address;
    }

    private static String forParameter(String element) {
        for (String pair : element.split(";", -1)) {
            String text = pair.strip();
            if (text.toLowerCase(Locale.ROOT).startsWith("for=")) {
                return text.substring("for=".length()).replace("\"", "");
            }
        }
        return "";
    }

    /** Returns whether the address is that of one of the proxies. */
    public boolean isTrusted(InetAddress address) {
        byte[] bytes = address.getAddress();
        for (Network network : networks) {
            if (network.contains(bytes)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the numeric address, or null; a name is not looked up. */
    private static @Nullable InetAddress address(String text) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
        if (bytes == null) {
            return null;
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
