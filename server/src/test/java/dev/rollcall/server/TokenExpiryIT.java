package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.contract.ManualTime;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.access.signature.RequestSigner;
import dev.rollcall.server.config.KeysetConfig;
import dev.rollcall.server.config.RollcallConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A token runs out while its poll waits: the client is told, and goes on with a fresh one without missing anything. */
class TokenExpiryIT {
    private static final String SECRET = "sec-c-5f3a9d07b1e24c68";

    private final ManualTime time = new ManualTime();
    private final RollcallServer server = RollcallServer.start(
            RollcallConfig.development()
                    .withPort(0)
                    .withAdminPort(0)
                    .withKeysets(new KeysetConfig(new SubscribeKey("sub"), "sub", KeysetSettings.DEFAULT)
                            .withSecretKey(SECRET)),
            time);
    private final WireClient client = new WireClient(server, "sub");

    @AfterEach
    void close() {
        server.close();
    }

    /** Returns the parameter of a token for reading and writing the room. */
    private String auth(int minutes) throws IOException, InterruptedException {
        String body = "{\"ttl\":" + minutes + ",\"permissions\":{\"resources\":{\"channels\":{\"room\":3}}}}";
        String target = new RequestSigner("sub", SECRET)
                .sign("POST", "/v3/pam/sub/grant", Map.of(), body, time.epochMillis() / 1000);
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.uri() + target))
                .POST(BodyPublishers.ofString(body))
                .build();
        String answer = HttpClient.newHttpClient()
                .send(request, BodyHandlers.ofString())
                .body();
        return "&auth="
                + RequestSigner.encode(
                        WireClient.parse(answer).at("/data/token").textValue());
    }

    private static void assertExpired(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(403);
        JsonNode body = WireClient.parse(answer.body());
        assertThat(body.at("/message").textValue()).isEqualTo("Token is expired.");
        assertThat(WireClient.texts(body.at("/payload/channels"))).containsExactly("room");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
    }

    @Test
    void tokenThatExpiresInAPoll_isToldAndAFreshOneGoesOn() throws Exception {
        String old = auth(1);
        String fresh = auth(60);
        String position = client.handshake("room", "&uuid=u" + old);
        CompletableFuture<HttpResponse<String>> poll =
                client.ask(client.subscribeTarget("room", position, "&uuid=u" + old));
        client.awaitPolls(1);

        time.advance(Duration.ofSeconds(62));

        assertExpired(poll.get(WireClient.PATIENCE.toSeconds(), TimeUnit.SECONDS));
        client.publish("room", "\"one\"", fresh);
        assertExpired(client.get(client.subscribeTarget("room", position, "&uuid=u" + old)));
        client.publish("room", "\"two\"", fresh);
        JsonNode heard = client.subscribe("room", position, "&uuid=u" + fresh).at("/m");
        assertThat(heard).extracting(message -> message.at("/d").textValue()).containsExactly("one", "two");
    }
}
