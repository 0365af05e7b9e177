package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rollcall.server.access.signature.RequestSigner;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;

/** The calls of one keyset, as any client makes them. Lists of channels go into the path as they are; user ids are encoded. */
final class WireClient {
    /** Long enough for a machine that is busy with other things. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final RollcallServer server;
    private final String key;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Makes a client of a keyset whose subscribe key and publish key are the same. */
    WireClient(RollcallServer server, String key) {
        this.server = server;
        this.key = key;
    }

    static String encode(String name) {
        return RequestSigner.encode(name);
    }

    static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }

    static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /** Sends a request and goes on. */
    CompletableFuture<HttpResponse<String>> ask(String target) {
        return client.sendAsync(
                HttpRequest.newBuilder(URI.create(server.uri() + target)).build(), BodyHandlers.ofString());
    }

    /** Sends a request and waits for its answer, whatever its status. */
    HttpResponse<String> get(String target) {
        try {
            return ask(target).orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            throw new AssertionError(target, e);
        }
    }

    /** Returns the body of a request that is answered with 200. */
    JsonNode json(String target) {
        HttpResponse<String> answer = get(target);
        assertThat(answer.statusCode()).as("%s: %s", target, answer.body()).isEqualTo(200);
        return parse(answer.body());
    }

    private String channel(String channels) {
        return "/v2/presence/sub-key/" + key + "/channel/" + channels;
    }

    JsonNode heartbeat(String channels, String user, String more) {
        return json(channel(channels) + "/heartbeat?uuid=" + encode(user) + more);
    }

    JsonNode leave(String channels, String user, String more) {
        return json(channel(channels) + "/leave?uuid=" + encode(user) + more);
    }

    JsonNode hereNow(String channels) {
        return json(channel(channels) + "?state=1");
    }

    JsonNode hereNowOfAll() {
        return json("/v2/presence/sub-key/" + key);
    }

    List<String> whereNow(String user) {
        return texts(
                json("/v2/presence/sub-key/" + key + "/uuid/" + encode(user)).at("/payload/channels"));
    }

    HttpResponse<String> trySetState(String channels, String user, String state) {
        return get(channel(channels) + "/uuid/" + encode(user) + "/data?state=" + encode(state));
    }

    void setState(String channels, String user, String state) {
        HttpResponse<String> answer = trySetState(channels, user, state);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    JsonNode state(String channels, String user) {
        return json(channel(channels) + "/uuid/" + encode(user)).at("/payload");
    }

    JsonNode group(String group, String query) {
        return json("/v1/channel-registration/sub-key/" + key + "/channel-group/" + group + '?' + query);
    }

    /** Publishes JSON and returns its timetoken. */
    String publish(String channel, String message, String more) {
        JsonNode sent = json(publishTarget(channel) + encode(message) + "?uuid=publisher" + more);
        assertThat(sent.get(2).isTextual()).isTrue();
        return sent.get(2).textValue();
    }

    String publishTarget(String channel) {
        return "/publish/" + key + '/' + key + "/0/" + channel + "/0/";
    }

    String subscribeTarget(String channels, String position, String more) {
        return "/v2/subscribe/" + key + '/' + channels + "/0?tt=" + position + more;
    }

    JsonNode subscribe(String channels, String position, String more) {
        return json(subscribeTarget(channels, position, more));
    }

    /** Subscribes anew and returns the position to poll from. */
    String handshake(String channels, String more) {
        return subscribe(channels, "0", more).at("/t/t").textValue();
    }

    /** Subscribes anew and polls on until it is closed. */
    Watcher watch(String channels, String more) {
        return new Watcher(channels, more);
    }

    /** Waits until so many polls wait at the server. */
    void awaitPolls(int count) {
        URI metrics = URI.create("http://127.0.0.1:" + server.adminPort() + "/metrics");
        HttpRequest request = HttpRequest.newBuilder(metrics).build();
        await().atMost(PATIENCE)
                .until(() -> client.send(request, BodyHandlers.ofString())
                        .body()
                        .contains("rollcall_polls " + count + ".0\n"));
    }

    /** Somebody who polls on, and what they have heard. Events may be read from any thread. */
    final class Watcher implements AutoCloseable {
        private final String channels;
        private final String more;
        private final List<JsonNode> events = new CopyOnWriteArrayList<>();
        private volatile boolean isClosed;
        private volatile CompletableFuture<HttpResponse<String>> poll;
        private volatile String failure = "";

        private Watcher(String channels, String more) {
            this.channels = channels;
            this.more = more;
            poll(handshake(channels, more));
        }

        private void poll(String position) {
            poll = ask(subscribeTarget(channels, position, more));
            poll.whenComplete((answer, error) -> {
                if (isClosed) {
                    return;
                }
                if (error != null || answer.statusCode() != 200) {
                    failure = error == null ? answer.statusCode() + " " + answer.body() : error.toString();
                    return;
                }
                JsonNode body = parse(answer.body());
                body.at("/m").forEach(events::add);
                poll(body.at("/t/t").textValue());
            });
        }

        List<JsonNode> events() {
            return List.copyOf(events);
        }

        /** Returns the events of presence so far as {@code channel action user}, the user being empty where there is none. */
        List<String> presence() {
            return events.stream()
                    .filter(event -> event.at("/c").textValue().endsWith("-pnpres"))
                    .map(event -> event.at("/c").textValue().replace("-pnpres", "")
                            + ' '
                            + event.at("/d/action").textValue()
                            + ' '
                            + event.at("/d/uuid").asText())
                    .toList();
        }

        /** Waits until exactly these have been heard. */
        void awaitPresence(String... expected) {
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(presence()).containsExactly(expected));
            assertThat(failure).isEmpty();
        }

        /** Waits for a message with this text and returns it. */
        JsonNode awaitMessage(String text) {
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(events).anyMatch(event -> isMessage(event, text)));
            return events.stream()
                    .filter(event -> isMessage(event, text))
                    .findFirst()
                    .orElseThrow();
        }

        private static boolean isMessage(JsonNode event, String text) {
            return event.at("/d").isTextual() && event.at("/d").textValue().equals(text);
        }

        /** Ends the poll by closing its connection. */
        @Override
        public void close() {
            isClosed = true;
            poll.cancel(true);
        }
    }
}
