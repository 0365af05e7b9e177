package dev.rollcall.client.transport;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpRequest;

/**
 * Hosts whose names the JDK does not accept in an address, such as those with an underscore that container platforms give out: they are
 * looked up here, and the request goes to the address. Safe from any thread.
 */
final class HostNames {
    /** The look-up of a name; blocks. */
    @FunctionalInterface
    interface Addresses {
        InetAddress of(String host) throws UnknownHostException;
    }

    private final Addresses addresses;

    HostNames(Addresses addresses) {
        this.addresses = addresses;
    }

    /** Returns whether the JDK takes the host of {@code uri} as it is. */
    boolean isUsable(URI uri) {
        return uri.getHost() != null;
    }

    /** Returns the same request to the address of its host; blocks for the look-up. */
    TransportRequest resolved(TransportRequest request) throws IOException {
        String authority = request.uri().getRawAuthority();
        if (authority == null) {
            throw new IOException("no host in " + request.uri().getScheme() + " address");
        }
        int colon = authority.lastIndexOf(':');
        String host = colon < 0 ? authority : authority.substring(0, colon);
        String port = colon < 0 ? "" : authority.substring(colon);
        InetAddress address = addresses.of(host);
        String literal = address instanceof Inet6Address
                ? '[' + address.getHostAddress().replaceFirst("%.*", "") + ']'
                : address.getHostAddress();
        String rest = request.uri().toString();
        rest = rest.substring(rest.indexOf(authority) + authority.length());
        URI uri = URI.create(request.uri().getScheme() + "://" + literal + port + rest);
        return new TransportRequest(request.method(), uri, request.body(), request.timeout());
    }

    HttpRequest httpRequest(TransportRequest request) {
        byte[] body = request.body();
        HttpRequest.Builder builder = HttpRequest.newBuilder(request.uri());
        if (body == null) {
            return builder.method(request.method(), HttpRequest.BodyPublishers.noBody())
                    .build();
        }
        return builder.header("Content-Type", "application/json")
                .method(request.method(), HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
    }
}
