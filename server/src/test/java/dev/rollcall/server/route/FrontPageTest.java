package dev.rollcall.server.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.server.http.Request;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.limit.ClientLimits;
import dev.rollcall.server.limit.ClientLimitsConfig;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrontPageTest {
    private final AtomicInteger routed = new AtomicInteger();
    private final FrontPage page = new FrontPage(
            (request, exchange) -> routed.incrementAndGet(),
            new ClientLimits(ClientLimitsConfig.NONE, limit -> {}, () -> 0));

    private FakeExchange ask(String method, String path) {
        FakeExchange exchange = new FakeExchange();
        page.handle(new Request(method, path, null, new byte[0], null, InetAddress.getLoopbackAddress()), exchange);
        return exchange;
    }

    @Test
    void handle_rootTellsWhatThisIsAndLetsBrowsersRunNothing() {
        Response response = ask("GET", "/").response();
        assertThat(response.status()).isEqualTo(200);
        assertThat(new String(response.body(), StandardCharsets.UTF_8))
                .contains("Rollcall", "origin", "rollcall doctor");
        assertThat(response.headers())
                .containsEntry("Content-Type", "text/plain; charset=utf-8")
                .containsEntry("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
                .containsEntry("X-Content-Type-Options", "nosniff");
        assertThat(routed).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({"POST,/", "OPTIONS,/", "GET,/time/0", "GET,//", "GET,/index.html", "GET,*"})
    void handle_allElseGoesToTheRoutes(String method, String path) {
        assertThat(ask(method, path).isAnswered()).isFalse();
        assertThat(routed).hasValue(1);
    }
}
