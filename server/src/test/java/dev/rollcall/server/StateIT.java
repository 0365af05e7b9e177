package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.engine.contract.ManualTime;
import dev.rollcall.server.config.RollcallConfig;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A state is of one user in one channel of one keyset, for one visit. */
class StateIT {
    private final ManualTime time = new ManualTime();
    private final RollcallServer server =
            RollcallServer.start(RollcallConfig.development().withPort(0).withAdminPort(0), time);
    private final WireClient client = new WireClient(server, "sub");

    @AfterEach
    void close() {
        server.close();
    }

    private String state(String channel, String user) {
        return client.state(channel, user).toString();
    }

    private String hereNow() {
        return client.hereNow("r").at("/uuids").toString();
    }

    @Test
    void state_isNobodyElses() {
        var otherKeyset = new WireClient(server, "sub2");
        otherKeyset.heartbeat("r", "a", "");
        client.heartbeat("r,s", "a", "");
        client.heartbeat("r", "b", "");
        client.setState("r", "a", "{\"n\":1}");
        assertThat(state("r", "a")).isEqualTo("{\"n\":1}");
        assertThat(state("r", "b")).isEqualTo("{}");
        assertThat(state("s", "a")).isEqualTo("{}");
        assertThat(otherKeyset.state("r", "a").toString()).isEqualTo("{}");
    }

    @Test
    void state_isReplacedAndNotMerged() {
        client.heartbeat("r", "a", "");
        client.setState("r", "a", "{\"n\":1}");
        client.setState("r", "a", "{\"m\":2}");
        assertThat(state("r", "a")).isEqualTo("{\"m\":2}");
    }

    @Test
    void heartbeat_thatNamesNoStateOfTheChannelKeepsIt() {
        client.heartbeat("r", "a", "");
        client.setState("r", "a", "{\"m\":2}");
        client.heartbeat("r", "a", "&state=%7B%7D");
        assertThat(state("r", "a")).isEqualTo("{\"m\":2}");
        client.heartbeat("r", "a", "&state=" + WireClient.encode("{\"s\":{\"x\":1}}"));
        assertThat(state("r", "a")).isEqualTo("{\"m\":2}");
    }

    @Test
    void change_isOneEvent() {
        try (var watcher = client.watch("r-pnpres", "")) {
            client.heartbeat("r", "a", "");
            client.setState("r", "a", "{\"n\":1}");
            client.setState("r", "a", "{\"n\":2}");
            watcher.awaitPresence("r join a", "r state-change a", "r state-change a");
            assertThat(watcher.events().get(2).at("/d/data").toString()).isEqualTo("{\"n\":2}");
        }
    }

    @Test
    void leave_endsTheStateAndTheNextVisitHasNone() {
        client.heartbeat("r", "a", "");
        client.setState("r", "a", "{\"n\":1}");
        client.leave("r", "a", "");
        assertThat(state("r", "a")).isEqualTo("{}");
        client.heartbeat("r", "a", "");
        assertThat(hereNow()).isEqualTo("[{\"uuid\":\"a\"}]");
    }

    @Test
    void timeout_endsTheStateAndTheNextVisitHasNone() {
        client.heartbeat("r", "a", "&heartbeat=5");
        client.setState("r", "a", "{\"n\":1}");
        time.advance(Duration.ofSeconds(6));
        await().atMost(WireClient.PATIENCE)
                .untilAsserted(() -> assertThat(state("r", "a")).isEqualTo("{}"));
        client.heartbeat("r", "a", "");
        assertThat(hereNow()).isEqualTo("[{\"uuid\":\"a\"}]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "1", "\"x\"", "null", "{", "", "{\"a\":1}x", "{'a':1}"})
    void state_thatIsNoObjectIsRefusedAndChangesNothing(String bad) {
        client.heartbeat("r", "a", "");
        client.setState("r", "a", "{\"n\":1}");
        HttpResponse<String> answer = client.trySetState("r", "a", bad);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(WireClient.parse(answer.body()).at("/error").intValue()).isEqualTo(1);
        assertThat(state("r", "a")).isEqualTo("{\"n\":1}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"é\":\"😀\"}",
                "{\"deep\":{\"a\":[1,{\"b\":null}]}}",
                "{\"n\":12345678901234567890,\"f\":1.0E-7,\"q\":\"\\\"\\\\\\n\"}"
            })
    void state_comesBackAsItWasGiven(String good) {
        client.heartbeat("r", "a", "");
        HttpResponse<String> answer = client.trySetState("r", "a", good);
        assertThat(WireClient.parse(answer.body()).at("/payload")).isEqualTo(WireClient.parse(good));
        assertThat(client.state("r", "a")).isEqualTo(WireClient.parse(good));
    }
}
