package dev.rollcall.server.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.embedded.EmbeddedEngine;
import dev.rollcall.server.access.AccessGate;
import dev.rollcall.server.access.AccessRequest;
import dev.rollcall.server.config.KeysetConfig;
import dev.rollcall.server.config.KeysetRegistry;
import dev.rollcall.server.http.Request;
import dev.rollcall.server.limit.ClientLimits;
import dev.rollcall.server.limit.ClientLimitsConfig;
import dev.rollcall.server.limit.Limit;
import dev.rollcall.server.metrics.RequestMetrics;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;

/** A router in front of an engine, and requests without any HTTP. */
abstract class RouteFixture {
    static final String PRESENCE = "/v2/presence/sub-key/sub";
    static final String GROUPS = "/v1/channel-registration/sub-key/sub";
    static final String GROUP_CHANGED =
            "{\"status\":200,\"message\":\"OK\",\"service\":\"channel-registry\",\"error\":false}";

    final List<Limit> reached = new ArrayList<>();
    final AtomicLong nanos = new AtomicLong();
    final ClientLimits limits = new ClientLimits(ClientLimitsConfig.NONE, reached::add, nanos::get);
    final RequestMetrics metrics = new RequestMetrics();
    final List<AccessRequest> asked = new ArrayList<>();
    private KeysetRegistry keysets = new KeysetRegistry(List.of());
    AccessGate access = AccessGate.OPEN;
    EmbeddedEngine engine = engine();
    private Router router = new Router(engine, keysets, access, limits, metrics);

    private EmbeddedEngine engine() {
        return new EmbeddedEngine(keysets, EngineTime.system(), new EngineListener() {});
    }

    void start(KeysetConfig... configs) {
        engine.close();
        keysets = new KeysetRegistry(List.of(configs));
        engine = engine();
        router = new Router(engine, keysets, access, limits, metrics);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    FakeExchange ask(String method, String target, String body) {
        int question = target.indexOf('?');
        FakeExchange exchange = new FakeExchange();
        router.handle(
                new Request(
                        method,
                        question < 0 ? target : target.substring(0, question),
                        question < 0 ? null : target.substring(question + 1),
                        body.getBytes(StandardCharsets.UTF_8),
                        null,
                        InetAddress.getLoopbackAddress()),
                exchange);
        return exchange;
    }

    FakeExchange get(String target) {
        return ask("GET", target, "");
    }

    void assertError(String target, int status, String service, String message) {
        FakeExchange exchange = get(target);
        assertThat(exchange.body()).contains("\"message\":\"" + message).contains("\"service\":\"" + service + "\"");
        assertThat(exchange.body()).startsWith("{\"status\":" + status + ",\"error\":");
        assertThat(exchange.status()).isEqualTo(status);
    }

    void assertNotSent(String target, String why) {
        FakeExchange exchange = get(target);
        assertThat(exchange.status()).isEqualTo(400);
        assertThat(exchange.body()).startsWith("[0,\"" + why).matches(".*\",\"\\d{17}\"]");
    }

    static String timetoken(FakeExchange handshake) {
        return handshake.body().replaceAll("^\\{\"t\":\\{\"t\":\"(\\d{17})\".*", "$1");
    }

    /** Makes the handshake of a loop and leaves its next round waiting. */
    FakeExchange poll(String target) {
        FakeExchange handshake = get(target);
        FakeExchange poll = get(target + "&tt=" + timetoken(handshake) + "&tr=1");
        assertThat(poll.isAnswered()).isFalse();
        return poll;
    }
}
