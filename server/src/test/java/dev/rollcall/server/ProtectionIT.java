package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.server.config.ProtectionConfig;
import dev.rollcall.server.config.RollcallConfig;
import dev.rollcall.server.http.HttpLimits;
import dev.rollcall.server.http.TrustedProxies;
import dev.rollcall.server.limit.ClientLimitsConfig;
import dev.rollcall.server.operator.AdminToken;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Limits, trusted proxies and the token of the admin port, on a whole server. */
class ProtectionIT {
    private static final String TOKEN = "a-token-of-the-admin-port";

    private static final int PATIENCE_MILLIS = 60_000;

    private final HttpClient client = HttpClient.newHttpClient();
    private RollcallServer server = start(protection -> protection);

    private static RollcallServer start(UnaryOperator<ProtectionConfig> change) {
        RollcallConfig config = RollcallConfig.development().withPort(0).withAdminPort(0);
        return RollcallServer.start(config.withProtection(change.apply(config.protection())));
    }

    private void restart(UnaryOperator<ProtectionConfig> change) {
        server.close();
        server = start(change);
    }

    @AfterEach
    void close() {
        server.close();
    }

    private HttpResponse<String> ask(int port, String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private String metrics() throws IOException, InterruptedException {
        return ask(server.adminPort(), "/metrics").body();
    }

    private static boolean isServed(RawConnection connection) {
        try {
            byte[] request = "GET /time/0 HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            return connection.exchange(request, PATIENCE_MILLIS).status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void defaults_refuseNothing() throws Exception {
        for (int i = 0; i < 500; i++) {
            assertThat(ask(server.port(), "/time/0").statusCode()).isEqualTo(200);
        }
        assertThat(metrics()).contains("rollcall_limits_reached_total{limit=\"requests-per-address\"} 0.0");
    }

    @Test
    void requestsOverTheRate_areRefusedByClientAndCounted() throws Exception {
        restart(protection -> protection
                .withClients(new ClientLimitsConfig(1, 0, 0, 0, 0, 2000))
                .withProxies(TrustedProxies.parse("127.0.0.0/8", TrustedProxies.Header.X_FORWARDED_FOR)));
        HttpResponse<String> last = ask(server.port(), "/time/0", "X-Forwarded-For", "192.0.2.1");
        for (int i = 0; i < 1000 && last.statusCode() == 200; i++) {
            last = ask(server.port(), "/time/0", "X-Forwarded-For", "192.0.2.1");
        }
        assertThat(last.statusCode()).isEqualTo(429);
        assertThat(last.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(last.body()).contains("requests-per-address: 1 requests a second");
        assertThat(ask(server.port(), "/time/0", "X-Forwarded-For", "192.0.2.2").statusCode())
                .isEqualTo(200);
        assertThat(metrics()).contains("rollcall_limits_reached_total{limit=\"requests-per-address\"} 1.0");
    }

    @Test
    void connectionsOverTheLimitOfAnAddress_areClosed() throws Exception {
        restart(protection -> protection.withClients(new ClientLimitsConfig(0, 0, 0, 0, 1, 2000)));
        try (RawConnection first = new RawConnection(server.port())) {
            assertThat(isServed(first)).isTrue();
            try (RawConnection second = new RawConnection(server.port())) {
                assertThat(isServed(second)).isFalse();
            }
            assertThat(metrics()).contains("rollcall_limits_reached_total{limit=\"max-connections-per-address\"} 1.0");
        }
        await().until(() -> {
            try (RawConnection third = new RawConnection(server.port())) {
                return isServed(third);
            }
        });
    }

    @Test
    void bodiesOverTheBytesInAll_areRefused() throws Exception {
        restart(protection ->
                protection.withHttp(HttpLimits.builder().totalBufferedBytes(1).build()));
        try (RawConnection connection = new RawConnection(server.port())) {
            // what arrives in one piece is never kept; this one waits for its other half
            byte[] half = "POST /v2/publish/pub/sub/0/c/0 HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n\r\n\"he"
                    .getBytes(StandardCharsets.US_ASCII);
            RawConnection.Answer refused = connection.exchange(half, PATIENCE_MILLIS);
            assertThat(refused.status()).isEqualTo(429);
        }
        assertThat(metrics()).contains("rollcall_limits_reached_total{limit=\"max-buffered-bytes-total\"} 1.0");
    }

    @Test
    void adminPort_withATokenShowsMetricsToWhoHasItOnly() throws Exception {
        restart(protection -> protection.withAdminToken(AdminToken.of(TOKEN)));
        int port = server.adminPort();
        for (String path : new String[] {"/metrics", "/anything"}) {
            HttpResponse<String> refused = ask(port, path);
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.headers().firstValue("WWW-Authenticate")).hasValue("Bearer realm=\"rollcall\"");
        }
        for (String wrong : new String[] {TOKEN, "Bearer", "Bearer ", "Basic " + TOKEN, "Bearer " + TOKEN + "x"}) {
            assertThat(ask(port, "/metrics", "Authorization", wrong).statusCode())
                    .isEqualTo(401);
        }
        assertThat(ask(port, "/metrics", "Authorization", "bearer " + TOKEN).body())
                .contains("rollcall_connections");
        assertThat(ask(port, "/anything", "Authorization", "Bearer " + TOKEN).statusCode())
                .isEqualTo(404);
        assertThat(ask(port, "/health").statusCode()).isEqualTo(200);
        assertThat(ask(port, "/ready").statusCode()).isEqualTo(200);
    }

    /** A page whose name resolves to this machine says that name; the answers are for no page at all. */
    @Test
    void adminPort_isNotForPagesInBrowsers() throws Exception {
        restart(protection -> protection.withAdminHosts("metrics.example.com"));
        try (RawConnection connection = new RawConnection(server.adminPort())) {
            RawConnection.Answer refused = askAs(connection, "GET", "/metrics", "evil.example:8091");
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.toString()).contains("evil.example:8091", "admin-hosts");
        }
        try (RawConnection connection = new RawConnection(server.adminPort())) {
            for (String host : new String[] {"localhost:8091", "127.0.0.1", "[::1]:8091", "metrics.example.com"}) {
                RawConnection.Answer answer = askAs(connection, "GET", "/metrics", host);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.headers().keySet()).noneMatch(name -> name.startsWith("access-control-"));
                assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
            }
            for (String path : new String[] {"/health", "/ready"}) {
                assertThat(askAs(connection, "GET", path, "10-0-0-7.pod.cluster.local")
                                .status())
                        .isEqualTo(200);
            }
            RawConnection.Answer preflight = askAs(connection, "OPTIONS", "/metrics", "localhost");
            assertThat(preflight.status()).isEqualTo(405);
            assertThat(preflight.headers().keySet()).noneMatch(name -> name.startsWith("access-control-"));
        }
    }

    private static RawConnection.Answer askAs(RawConnection connection, String method, String path, String host)
            throws IOException {
        byte[] request = (method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\nOrigin: http://" + host
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        return connection.exchange(request, PATIENCE_MILLIS);
    }
}
