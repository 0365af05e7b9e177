package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.server.config.RollcallConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who listens to presence alone is not present, and nobody but the server speaks on a presence channel. */
class ObserversIT {
    private static final String LIE = "{\"action\":\"join\",\"uuid\":\"ghost\",\"timestamp\":1,\"occupancy\":99}";

    private final RollcallServer server =
            RollcallServer.start(RollcallConfig.development().withPort(0).withAdminPort(0));
    private final WireClient client = new WireClient(server, "sub");

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "r-pnpres,''",
        "a.*-pnpres,''",
        "'r-pnpres,s-pnpres',''",
        "',',&channel-group=g-pnpres",
        "r-pnpres-pnpres,''",
        "'r-pnpres,s-pnpres',&channel-group=g-pnpres"
    })
    void observer_isNotPresentByAnyCall(String channels, String groups) {
        client.group("g", "add=m1,m2");
        client.handshake(channels, "&uuid=eye&heartbeat=60" + groups);
        assertThat(client.whereNow("eye")).isEmpty();
        client.heartbeat(channels, "eye", "&heartbeat=60" + groups);
        assertThat(client.whereNow("eye")).isEmpty();
        assertThat(client.hereNowOfAll().at("/payload/total_occupancy").intValue())
                .isZero();
        client.leave(channels, "eye", groups);
    }

    @Test
    void observer_ofAGroupHearsItsChannels() {
        client.group("g", "add=m1,m2");
        try (var watcher = client.watch(",", "&channel-group=g-pnpres")) {
            client.heartbeat("m2", "joe", "");
            watcher.awaitPresence("m2 join joe");
            assertThat(watcher.events().get(0).at("/b").textValue()).isEqualTo("g-pnpres");
        }
    }

    @Test
    void leave_ofThePresenceNameAloneTakesNobodyOff() {
        client.handshake("r,r-pnpres", "&uuid=both");
        assertThat(client.whereNow("both")).containsExactly("r");
        client.leave("r-pnpres", "both", "");
        assertThat(client.whereNow("both")).containsExactly("r");
        client.leave("r", "both", "");
        assertThat(client.whereNow("both")).isEmpty();
    }

    @Test
    void leave_ofEverythingWithItsPresenceNamesLeavesNothing() {
        client.group("g", "add=m1,m2");
        client.handshake("r,r-pnpres", "&uuid=all&channel-group=g,g-pnpres");
        assertThat(client.whereNow("all")).containsExactlyInAnyOrder("r", "m1", "m2");
        client.leave("r,r-pnpres", "all", "&channel-group=g,g-pnpres");
        assertThat(client.whereNow("all")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/publish/sub/sub/0/r-pnpres/0/,''",
        "GET,/publish/sub/sub/0/r%2Dpnpres/0/,''",
        "GET,/publish/sub/sub/0/a.x-pnpres/0/,''",
        "GET,/publish/sub/sub/0/a.*-pnpres/0/,''",
        "GET,/publish/sub/sub/0/r-pnpres-pnpres/0/,''",
        "GET,/publish/sub/sub/0/r-pnpres/0/,&norep=1&store=0",
        "GET,/signal/sub/sub/0/r-pnpres/0/,''",
        "POST,/publish/sub/sub/0/r-pnpres/0,''",
        "POST,/v2/publish/sub/sub/0/r-pnpres/0,''"
    })
    void event_ofSomebodyElseIsRefusedAndNotHeard(String method, String path, String more) throws Exception {
        boolean isGet = method.equals("GET");
        String message = path.startsWith("/signal") ? "\"x\"" : LIE;
        try (var watcher = client.watch("r-pnpres,a.x-pnpres,a.*", "")) {
            String target = path + (isGet ? WireClient.encode(message) : "") + "?uuid=e" + more;
            HttpRequest request = HttpRequest.newBuilder(URI.create(server.uri() + target))
                    .method(method, isGet ? BodyPublishers.noBody() : BodyPublishers.ofString(message))
                    .build();
            var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
            JsonNode refusal = WireClient.parse(answer.body());
            assertThat(refusal.at("/0").intValue()).as(answer.body()).isZero();

            client.heartbeat("r", "real", "");
            watcher.awaitPresence("r join real");
            assertThat(watcher.events()).hasSize(1);
        }
    }
}
