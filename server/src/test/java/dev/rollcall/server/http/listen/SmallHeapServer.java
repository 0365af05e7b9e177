package dev.rollcall.server.http.listen;

import dev.rollcall.server.http.Exchange;
import dev.rollcall.server.http.HttpLimits;
import dev.rollcall.server.http.HttpServerOptions;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.TlsFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A process with a server of default limits, to be started with a small heap. Prints its port, and ends with its
 * standard input. Speaks TLS if it is given a certificate and a key.
 */
final class SmallHeapServer {
    private SmallHeapServer() {}

    public static void main(String[] arguments) throws IOException {
        byte[] shared = new byte[4_000_000];
        Map<String, Exchange> parked = new HashMap<>();
        TlsFiles tls = arguments.length == 0 ? null : new TlsFiles(Path.of(arguments[0]), Path.of(arguments[1]));
        HttpServer server = HttpServer.bind(
                new HttpServerOptions(
                        InetAddress.getLoopbackAddress().getHostAddress(),
                        0,
                        Runtime.getRuntime().availableProcessors(),
                        tls,
                        HttpLimits.builder().build()),
                (request, exchange) -> {
                    switch (request.rawPath()) {
                        case "/shared" -> exchange.respond(new Response(200, Response.Kind.FEED, shared));
                        case "/own" -> exchange.respond(new Response(200, Response.Kind.FEED, new byte[2_000_000]));
                        case "/park" -> {
                            synchronized (parked) {
                                parked.put("poll" + parked.size(), exchange);
                            }
                        }
                        default -> exchange.respond(TestServer.json(request.method() + " " + request.body().length));
                    }
                });
        System.out.println(server.port());
        while (System.in.read() >= 0) {
            // until the parent has gone
        }
        server.close();
    }
}
