package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.server.EmulatorProcess.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The emulator as a process, over HTTP: one for all of these. */
class EmulatorApiIT {
    @TempDir
    static Path folder;

    private static EmulatorProcess emulator;

    @BeforeAll
    static void start() throws Exception {
        Path seed = folder.resolve("seed.yaml");
        Files.writeString(seed, "keysets: {demo: {channels: {early: [zoe]}}}\n");
        emulator = new EmulatorProcess(folder, "--seed", seed.toString());
        assertThat(emulator.client("/v2/presence/sub-key/demo/channel/early").body())
                .contains("zoe");
    }

    @AfterAll
    static void stop() throws IOException {
        emulator.close();
        assertThat(Files.readString(folder.resolve("out"))).contains("emulator: clock real, control http://127.0.0.1:");
    }

    @BeforeEach
    void reset() throws Exception {
        assertThat(emulator.post("/reset", "").status()).isEqualTo(200);
        assertThat(emulator.post("/clock/freeze", "").body().path("mode").asText())
                .isEqualTo("frozen");
    }

    private static void heartbeat(String user, String channel) throws Exception {
        assertThat(emulator.client("/v2/presence/sub-key/demo/channel/" + channel + "/heartbeat?uuid=" + user)
                        .statusCode())
                .isEqualTo(200);
    }

    private static String cursor(String answer) {
        return answer.replaceAll(".*\"t\":\"(\\d+)\".*", "$1");
    }

    private static CompletableFuture<HttpResponse<String>> poll(String user, String channels) throws Exception {
        String path = "/v2/subscribe/demo/" + channels + "/0?uuid=" + user + "&tt=";
        String from = cursor(emulator.client(path + 0).body());
        return emulator.http()
                .sendAsync(
                        HttpRequest.newBuilder(emulator.server.resolve(path + from))
                                .build(),
                        BodyHandlers.ofString());
    }

    private static JsonNode overview() throws Exception {
        return emulator.get("").body();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "POST|/clock/advance|{\"by\":\"31h\",\"x\":1}|400|x: unknown member|by, keep, step, to",
                "POST|/clock/advance|{\"by\":\"800h\"}|400|advance: by PT800H|0 to PT720H",
                "POST|/clock/advance|{}|400|by: none, and no to|one of the two: by 5m, or to a moment",
                "POST|/clock/advance|{\"to\":\"2001-01-01T00:00:00Z\"}|400|advance: by|0 to PT720H",
                "POST|/clock/advance|{\"by\":\"1s\",\"step\":\"0s\"}|400|step: 0s|1ms or more",
                "POST|/clock/advance|[]|400|body: not an object|a JSON object",
                "POST|/clock/advance|{|400|body: not JSON|a JSON object",
                "POST|/clock/run|{\"speed\":2000}|400|speed: 2000|1..1000",
                "POST|/reset|{\"keep\":[\"all\"]}|400|keep: [\"all\"]|groups, grants or faults",
                "POST|/faults|{}|400|effect: none|an object with a type",
                "POST|/faults|{\"effect\":{\"type\":\"boom\"}}|400|effect.type: boom|delay, status",
                "POST|/faults|{\"effect\":{\"type\":\"delay\"}}|400|effect.by: none|a duration such as 2s",
                "POST|/faults|{\"effect\":{\"type\":\"garble\",\"by\":1}}|400|effect.by: unknown member|type",
                "POST|/faults|{\"effect\":{\"type\":\"garble\"},\"probability\":2}|400|probability: 2.0|0..1",
                "POST|/faults|{\"effect\":{\"type\":\"garble\"},\"id\":\"a b\"}|400|id: a b|1 to 64",
                "POST|/faults|{\"effect\":{\"type\":\"garble\"},\"match\":{\"operation\":\"dance\"}}|400|match.operation: dance|subscribe",
                "POST|/faults|{\"effect\":{\"type\":\"garble\"},\"match\":{\"path\":\"(\"}}|400|path: (|a regular expression",
                "DELETE|/faults/none||404|fault: none|the id of one that was added",
                "POST|/seed|keysets: {demo: {channels: {a: [{user: x, age: 3}]}}}|400|keysets.demo.channels.a[0].age: unknown member|joined, left",
                "POST|/seed|keysets: {demo: {channels: {a: [{user: x, timeout: 2ms}]}}}|400|keysets.demo.channels.a[0].timeout: 2ms|1s to",
                "POST|/seed|keysets: {demo: {channels: {a: [{user: x, joined: 5m}]}}}|400|keysets.demo.channels.a[0].joined: 5m|a moment",
                "POST|/seed|keysets: {\"d,emo\": {}}|400|keysets.d,emo: |",
                "POST|/seed|\"keysets\"|400|document: not an object|an object with keysets",
                "POST|/seed|a: [|400|document: line|JSON or YAML",
                "POST|/seed|{\"keysets\":{},\"keysets\":{}}|400|document: line 1|JSON, each member once",
                "PUT|/snapshot|{\"version\":2,\"keysets\":{}}|400|version: 2|1",
                "POST|/users/x/silence|{\"for\":\"0s\"}|400|for: 0s|more than 0",
                "POST|/polls/close|{\"how\":\"gently\"}|400|how: gently|fin or rst",
                "GET|/timeline?since=x||400|since: x|0..",
                "GET|/requests?limit=0||400|limit: 0|1..1000",
                "GET|/nothing||404|no such path|/emulator/v1/clock",
                "PUT|/clock||405|method: PUT|GET",
            })
    void errorsNameTheValueAndWhatWasExpected(
            String method, String path, String body, int status, String message, String expected) throws Exception {
        Answer answer = emulator.change(method, path, body == null ? "" : body);
        assertThat(answer.error().path("message").asText()).startsWith(message);
        assertThat(answer.error().path("expected").asText()).contains(expected == null ? "" : expected);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.error().path("status").asInt()).isEqualTo(status);
    }

    @Test
    void changesTakeTheHeaderAndNoPageOfAnother() throws Exception {
        String[][] refused = {
            {},
            {"X-Rollcall-Emulator", "yes"},
            {"X-Rollcall-Emulator", "1", "Origin", "https://evil.example"},
            {"X-Rollcall-Emulator", "1", "Sec-Fetch-Site", "cross-site"},
        };
        heartbeat("alice", "lobby");
        for (String[] headers : refused) {
            for (String path : List.of("/reset", "/clock/advance", "/seed", "/faults", "/polls/close")) {
                assertThat(emulator.send("POST", path, "{}", headers).status())
                        .as(path + List.of(headers))
                        .isEqualTo(403);
            }
            assertThat(emulator.send("PUT", "/snapshot", "{}", headers).status())
                    .isEqualTo(403);
            assertThat(emulator.send("DELETE", "/faults", "", headers).status()).isEqualTo(403);
        }
        assertThat(emulator.send("GET", "/timeline", "", "Origin", "https://evil.example")
                        .status())
                .isEqualTo(403);
        assertThat(rebound()).startsWith("HTTP/1.1 403");
        HttpResponse<String> preflight = emulator.send("OPTIONS", "/reset", "", "X-Rollcall-Emulator", "1")
                .response();
        assertThat(preflight.statusCode()).isEqualTo(405);
        assertThat(preflight.headers().firstValue("access-control-allow-origin"))
                .isEmpty();
        assertThat(overview().path("counts").path("occupants").asInt()).isEqualTo(1);
        assertThat(emulator.get("").response().headers().firstValue("x-rollcall-emulator"))
                .isPresent();
    }

    /** Asks by a name that somebody else owns, as a page can whose name was let lead here. */
    private static String rebound() throws IOException {
        URI control = emulator.control;
        try (Socket socket = new Socket(control.getHost(), control.getPort())) {
            socket.getOutputStream()
                    .write(("POST " + control.getPath()
                                    + "/reset HTTP/1.1\r\nHost: evil.example\r\nX-Rollcall-Emulator: 1\r\n"
                                    + "Content-Length: 0\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void clock_isFrozenMovedAndLetRun() throws Exception {
        long before = overview().path("clock").path("epochMillis").asLong();
        heartbeat("alice", "lobby");
        heartbeat("bob", "lobby");
        Answer kept = emulator.post("/clock/advance", "{\"by\":\"1h\",\"keep\":\"all\"}");
        assertThat(kept.body().path("timeouts").asInt()).isZero();
        assertThat(kept.body().path("epochMillis").asLong()).isEqualTo(before + 3_600_000);
        Answer one = emulator.post("/clock/advance", "{\"by\":\"301s\",\"keep\":[\"alice\"],\"step\":\"16ms\"}");
        assertThat(one.body().path("events")).hasSize(1);
        assertThat(one.body().path("events").path(0).path("cause").asText()).isEqualTo("timeout");
        assertThat(emulator.post("/clock/run", "{\"speed\":1000}")
                        .body()
                        .path("speed")
                        .asInt())
                .isEqualTo(1000);
        assertThat(emulator.post("/clock/advance", "{\"by\":\"1s\"}")
                        .error()
                        .path("message")
                        .asText())
                .isEqualTo("clock: runs by itself");
        await().until(() -> overview().path("counts").path("occupants").asInt() == 0);
        JsonNode events = emulator.get("/timeline?user=alice&limit=1").body();
        assertThat(events.path("events").path(0).path("action").asText()).isEqualTo("join");
        String next = events.path("next").asText();
        assertThat(emulator.get("/timeline?user=alice&since=" + next).body().path("events"))
                .extracting(event -> event.path("action").asText())
                .containsExactly("timeout");
    }

    @Test
    void reset_keepsWhatItIsToldTo() throws Exception {
        assertThat(emulator.client("/v1/channel-registration/sub-key/demo/channel-group/family?add=lobby")
                        .statusCode())
                .isEqualTo(200);
        emulator.post("/faults", "{\"id\":\"mine\",\"effect\":{\"type\":\"garble\"},\"match\":{\"user\":\"nobody\"}}");
        heartbeat("alice", "lobby");
        CompletableFuture<HttpResponse<String>> waiting = poll("bob", "lobby");
        await().until(() -> overview().path("counts").path("polls").asInt() == 1);
        JsonNode forgotten = emulator.post("/reset", "{\"keep\":[\"groups\",\"faults\"]}")
                .body()
                .path("forgotten");
        assertThat(forgotten.path("occupants").asInt()).isEqualTo(2);
        assertThat(waiting.get(60, TimeUnit.SECONDS).body()).contains("\"m\":[]");
        assertThat(emulator.client("/v1/channel-registration/sub-key/demo/channel-group/family")
                        .body())
                .contains("lobby");
        assertThat(emulator.get("/faults").body().path("faults")).hasSize(1);
        emulator.post("/reset", "");
        assertThat(emulator.get("/faults").body().path("faults")).isEmpty();
        assertThat(emulator.client("/v1/channel-registration/sub-key/demo/channel-group/family")
                        .body())
                .doesNotContain("lobby");
    }

    @Test
    void seed_isSilentAndSnapshotGivesItBack() throws Exception {
        CompletableFuture<HttpResponse<String>> waiting = poll("bob", "lobby-pnpres");
        String seed =
                "announce: false\nkeysets: {demo: {channels: {lobby: [{user: alice, state: {n: 3, s: '3', on: true},"
                        + " timeout: 30s, left: 12s, joined: -5m}, carol]}, groups: {family: [lobby, den]},"
                        + " messages: {lobby: [{by: alice, data: [1, x]}]}}}";
        assertThat(emulator.post("/seed", seed)
                        .body()
                        .path("seeded")
                        .path("occupants")
                        .asInt())
                .isEqualTo(2);
        assertThat(emulator.get("/timeline?channel=lobby").body().path("events"))
                .isEmpty();
        assertThat(waiting).isNotDone();
        assertThat(emulator.client("/v2/presence/sub-key/demo/channel/lobby?state=1")
                        .body())
                .contains("{\"uuid\":\"alice\",\"state\":{\"n\":3,\"s\":\"3\",\"on\":true}}")
                .contains("carol");
        ObjectNode before = (ObjectNode) emulator.get("/snapshot").body();
        JsonNode alice = before.at("/keysets/demo/channels/lobby/0");
        assertThat(alice.path("left").asText()).isEqualTo("12s");
        assertThat(alice.path("joined").asText()).isEqualTo("-300s");
        assertThat(before.at("/keysets/demo/messages/lobby/0/data/1").asText()).isEqualTo("x");
        Answer put = emulator.change("PUT", "/snapshot", before.toString());
        assertThat(put.status()).isEqualTo(200);
        assertThat(waiting.get(60, TimeUnit.SECONDS).body()).contains("\"m\":[]");
        assertThat(emulator.get("/snapshot").body()).isEqualTo(before);
        JsonNode events =
                emulator.post("/clock/advance", "{\"by\":\"12s\"}").body().path("events");
        assertThat(events).hasSize(1);
        assertThat(events.path(0).path("user").asText()).isEqualTo("alice");
        emulator.post("/seed", "{\"announce\":true,\"keysets\":{\"demo\":{\"channels\":{\"lobby\":[\"dave\"]}}}}");
        assertThat(emulator.get("/timeline?user=dave").body().path("events")).hasSize(1);
    }

    @Test
    void seed_thatIsHostileIsRefusedOrBounded() throws Exception {
        StringBuilder laughs = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 9; i++) {
            laughs.append("a").append(i).append(": &a").append(i).append(" [");
            for (int j = 0; j < 10; j++) {
                laughs.append(j == 0 ? "" : ", ").append("*a").append(i - 1);
            }
            laughs.append("]\n");
        }
        assertThat(emulator.post("/seed", laughs + "keysets: {}\n")
                        .error()
                        .path("message")
                        .asText())
                .startsWith("document: ");
        assertThat(emulator.post("/seed", "[".repeat(10_000)).status()).isEqualTo(400);
        assertThat(emulator.post("/seed", "{\"a\":".repeat(10_000)).status()).isEqualTo(400);
        assertThat(emulator.post("/seed", "!!javax.script.ScriptEngineManager [x]")
                        .status())
                .isEqualTo(400);
        assertThat(emulator.post("/seed", "a: &a [*a]\nkeysets: {}").status()).isEqualTo(400);
        assertThat(emulator.post("/seed", "x".repeat(3_000_000)).status()).isEqualTo(400);
        assertThat(emulator.post("/seed", "x".repeat((16 << 20) + 1)).status()).isEqualTo(413);
        assertThat(overview().path("counts").path("occupants").asInt()).isZero();
    }

    @Test
    void faults_areThoseOfJava() throws Exception {
        Answer added = emulator.post(
                "/faults",
                "{\"match\":{\"operation\":[\"heartbeat\"],\"user\":\"alice\",\"path\":\"lobby\"},\"times\":1,\"after\":1,"
                        + "\"for\":\"30s\",\"probability\":1.0,\"seed\":42,"
                        + "\"effect\":{\"type\":\"status\",\"status\":503,\"retryAfter\":5}}");
        String id = added.body().path("id").asText();
        heartbeat("alice", "lobby");
        String path = "/v2/presence/sub-key/demo/channel/lobby/heartbeat?uuid=alice&auth=secret-of-alice";
        assertThat(emulator.client(path).statusCode()).isEqualTo(503);
        assertThat(emulator.client(path).statusCode()).isEqualTo(200);
        JsonNode shown = emulator.get("/faults/" + id).body();
        assertThat(shown.path("hits").asInt()).isEqualTo(1);
        assertThat(shown.path("effect").path("retryAfter").asInt()).isEqualTo(5);
        JsonNode requests = emulator.get("/requests").body().path("requests");
        assertThat(requests).hasSize(3);
        assertThat(requests.path(1).path("fault").asText()).isEqualTo(id);
        assertThat(requests.path(1).path("status").asInt()).isEqualTo(503);
        assertThat(requests.toString()).doesNotContain("secret-of-alice").contains("auth=…");
        assertThat(emulator.change("DELETE", "/faults/" + id, "").status()).isEqualTo(200);
        assertThat(emulator.get("/faults/" + id).status()).isEqualTo(404);
        for (int i = 0; i < 100; i++) {
            assertThat(emulator.post("/faults", "{\"effect\":{\"type\":\"garble\"},\"match\":{\"user\":\"x\"}}")
                            .status())
                    .isEqualTo(200);
        }
        assertThat(emulator.post("/faults", "{\"effect\":{\"type\":\"garble\"}}")
                        .status())
                .isEqualTo(409);
        assertThat(emulator.change("DELETE", "/faults", "")
                        .body()
                        .path("removed")
                        .asInt())
                .isEqualTo(100);
    }

    @Test
    void polls_areAnsweredOrCutAndUsersSilenced() throws Exception {
        CompletableFuture<HttpResponse<String>> alice = poll("alice", "lobby");
        CompletableFuture<HttpResponse<String>> bob = poll("bob", "lobby");
        await().until(() -> overview().path("counts").path("polls").asInt() == 2);
        assertThat(emulator.post("/polls/answer", "{\"user\":\"alice\"}")
                        .body()
                        .path("answered")
                        .asInt())
                .isEqualTo(1);
        assertThat(alice.get(60, TimeUnit.SECONDS).body()).contains("\"m\":[]");
        assertThat(emulator.post("/polls/close", "{\"channel\":\"lobby\",\"how\":\"rst\"}")
                        .body()
                        .path("closed")
                        .asInt())
                .isEqualTo(1);
        assertThat(bob.handle((answer, failure) -> failure).get(60, TimeUnit.SECONDS))
                .hasCauseInstanceOf(IOException.class);
        assertThat(emulator.post("/users/carol/silence", "{\"for\":\"60s\"}")
                        .body()
                        .path("user")
                        .asText())
                .isEqualTo("carol");
        assertThat(overview().path("silent").path(0).asText()).isEqualTo("carol");
        assertThat(emulator.change("DELETE", "/users/carol/silence", "")
                        .body()
                        .path("wasSilent")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void timeline_goesOnAsAStream() throws Exception {
        heartbeat("alice", "lobby");
        HttpResponse<InputStream> stream = emulator.http()
                .send(
                        HttpRequest.newBuilder(URI.create(emulator.control + "/timeline?channel=lobby"))
                                .header("Accept", "text/event-stream")
                                .build(),
                        BodyHandlers.ofInputStream());
        assertThat(stream.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            assertThat(event(lines)).contains("\"action\":\"join\"", "\"cause\":\"heartbeat\"");
            heartbeat("bob", "other");
            emulator.post("/clock/advance", "{\"by\":\"5m\",\"keep\":[\"bob\"]}");
            assertThat(event(lines)).contains("\"action\":\"timeout\"", "\"user\":\"alice\"");
            emulator.post("/reset", "");
            heartbeat("carol", "lobby");
            assertThat(event(lines)).contains("\"user\":\"carol\"");
        }
    }

    @Test
    void reset_endsTheStreamsOfOperators_whoAreToldWhatTheyMissed() throws Exception {
        String events = emulator.control.toString().replace("/emulator/v1", "/admin/v1/events?format=ndjson&since=");
        String last;
        try (BufferedReader lines = lines(events)) {
            heartbeat("alice", "lobby");
            String line = item(lines);
            assertThat(line).contains("\"kind\":\"join\"", "alice");
            last = line.replaceAll(".*\"timetoken\":\"([0-9]+)\".*", "$1");
            int resets = overview().path("resets").asInt();
            emulator.post("/reset", "");
            assertThat(overview().path("resets").asInt()).isEqualTo(resets + 1);
            assertThat(item(lines)).isEmpty();
        }
        try (BufferedReader lines = lines(events + last)) {
            heartbeat("bob", "lobby");
            assertThat(item(lines)).contains("\"kind\":\"gap\"");
            assertThat(item(lines)).contains("\"kind\":\"join\"", "bob");
        }
    }

    /** Returns the next line that is none to keep the stream open, empty where it ends. */
    private static String item(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        while (line != null && line.isEmpty()) {
            line = lines.readLine();
        }
        return line == null ? "" : line;
    }

    private static BufferedReader lines(String uri) throws Exception {
        HttpResponse<InputStream> stream =
                emulator.http().send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofInputStream());
        assertThat(stream.statusCode()).isEqualTo(200);
        return new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));
    }

    @Test
    void operators_areToldThatItIsAnEmulator_andSamplesStandStillWithItsClock() throws Exception {
        String admin = emulator.control.toString().replace("/emulator/v1", "/admin/v1");
        JsonNode overview = json(admin + "/overview");
        assertThat(overview.path("emulator").asText()).isEqualTo("/emulator/v1");
        assertThat(Instant.parse(overview.path("now").asText()).toEpochMilli())
                .isEqualTo(emulator.get("/clock").body().path("epochMillis").asLong());
        // Another second of real time has passed once there are two; they are one sample then.
        await().until(() -> json(admin + "/samples").path("samples").size() > 0);
        emulator.post("/clock/advance", "{\"by\":\"10s\"}");
        long now = emulator.get("/clock").body().path("epochMillis").asLong();
        await().until(() -> last(json(admin + "/samples")).path("atMillis").asLong() == now);
        heartbeat("alice", "lobby");
        await().until(() -> last(json(admin + "/samples")).path("occupants").asInt() == 1);
        JsonNode samples = json(admin + "/samples").path("samples");
        assertThat(samples)
                .extracting(sample -> sample.path("atMillis").asLong())
                .doesNotHaveDuplicates();
        assertThat(last(json(admin + "/samples")).path("atMillis").asLong()).isEqualTo(now);
    }

    private static JsonNode last(JsonNode samples) {
        JsonNode list = samples.path("samples");
        return list.path(list.size() - 1);
    }

    private static JsonNode json(String uri) throws Exception {
        try (BufferedReader lines = lines(uri)) {
            return new ObjectMapper().readTree(lines);
        }
    }

    private static String event(BufferedReader lines) throws IOException {
        String line;
        do {
            line = lines.readLine();
        } while (line != null && !line.startsWith("data: "));
        return String.valueOf(line);
    }

    @Test
    void movesAndResetsAtTheSameTime_leaveItWhole() throws Exception {
        AtomicBoolean goesOn = new AtomicBoolean(true);
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (String path : List.of("/reset", "/clock/advance", "/seed")) {
            String body = path.equals("/reset")
                    ? ""
                    : path.equals("/seed")
                            ? "keysets: {demo: {channels: {lobby: [a, b, c]}}}"
                            : "{\"by\":\"1h\",\"keep\":[\"a\"]}";
            all.add(CompletableFuture.runAsync(() -> {
                try {
                    while (goesOn.get()) {
                        assertThat(emulator.post(path, body).status()).isEqualTo(200);
                    }
                } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                }
            }));
        }
        for (int i = 0; i < 100; i++) {
            heartbeat("alice", "lobby");
            assertThat(emulator.get("").status()).isEqualTo(200);
        }
        goesOn.set(false);
        for (CompletableFuture<Void> one : all) {
            one.get(60, TimeUnit.SECONDS);
        }
        emulator.post("/reset", "");
        assertThat(overview().path("counts").path("occupants").asInt()).isZero();
        assertThat(Files.readString(folder.resolve("err"))).doesNotContain("ERROR");
    }
}
