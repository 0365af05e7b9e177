package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rollcall.server.config.RollcallConfig;
import dev.rollcall.server.http.TrustedProxies;
import dev.rollcall.server.limit.ClientLimitsConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that listens on IPv6, and clients whose addresses a proxy tells. Needs a machine with {@code ::1}. */
class Ipv6IT {
    private final HttpClient client = HttpClient.newHttpClient();
    private RollcallServer server;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(hasIpv6(), "this machine has no ::1");
        RollcallConfig config =
                RollcallConfig.development().withHost("::1").withPort(0).withAdminPort(0);
        server = RollcallServer.start(config.withProtection(config.protection()
                .withClients(new ClientLimitsConfig(1, 0, 0, 0, 0, 2000))
                .withProxies(TrustedProxies.parse("::1/128, 127.0.0.0/8", TrustedProxies.Header.X_FORWARDED_FOR))));
    }

    private static boolean hasIpv6() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    @AfterEach
    void close() {
        if (server != null) {
            server.close();
        }
    }

    private int ask(String forwardedFor) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.uri() + "/time/0"))
                .header("X-Forwarded-For", forwardedFor)
                .build();
        return client.send(request, BodyHandlers.ofString()).statusCode();
    }

    private void exhaust(String forwardedFor) throws IOException, InterruptedException {
        int status = 200;
        for (int i = 0; i < 1000 && status == 200; i++) {
            status = ask(forwardedFor);
        }
        assertThat(status).isEqualTo(429);
    }

    @Test
    void address_isAUriThatClientsCanUse() throws Exception {
        assertThat(server.uri()).hasToString("http://[::1]:" + server.port());
        assertThat(ask("2001:db8::1")).isEqualTo(200);
    }

    @Test
    void limit_countsANetworkOfSixtyFourBitsAsOneClient() throws Exception {
        exhaust("2001:db8:0:1::1");
        assertThat(ask("2001:db8:0:1:ffff::2")).isEqualTo(429);
        assertThat(ask("2001:db8:0:2::1")).isEqualTo(200);
    }

    @Test
    void limit_countsTheLastAddressThatNoProxyHasWithOrWithoutBrackets() throws Exception {
        exhaust("2001:db8::1, [2001:db8:1::9]:443");
        assertThat(ask("2001:db8::2, 2001:db8:1::a")).isEqualTo(429);
        assertThat(ask("2001:db8::1")).isEqualTo(200);
    }
}
