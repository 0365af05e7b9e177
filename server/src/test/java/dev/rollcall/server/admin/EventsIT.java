package dev.rollcall.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rollcall.server.admin.AdminServer.Answer;
import dev.rollcall.server.operator.AdminPort;
import dev.rollcall.server.operator.AdminToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Streams of events, as real clients read them, fast, slow or not at all. */
class EventsIT {
    private static final String API = "/admin/v1";
    private static final ObjectMapper JSON = new ObjectMapper();

    private AdminServer server = new AdminServer(config -> config);
    private final List<Reader> readers = new ArrayList<>();

    @AfterEach
    void stop() throws IOException {
        for (Reader reader : readers) {
            reader.close();
        }
        server.close();
    }

    /** One open stream, line by line. */
    private static final class Reader implements AutoCloseable {
        private final InputStream body;
        private final BufferedReader lines;

        Reader(InputStream body) {
            this.body = body;
            lines = new BufferedReader(new InputStreamReader(body, UTF_8));
        }

        /** Returns the next line that says something. */
        String line() throws IOException {
            String line = lines.readLine();
            while (line != null && (line.isBlank() || line.startsWith(":") || line.startsWith("retry:"))) {
                line = lines.readLine();
            }
            return line;
        }

        JsonNode json() throws IOException {
            return JSON.readTree(line());
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    private Reader open(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.admin(API + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        var answer = server.http().send(request.build(), BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        Reader reader = new Reader(answer.body());
        readers.add(reader);
        return reader;
    }

    private void heartbeat(String channel, String user) throws Exception {
        String path = "/v2/presence/sub-key/demo/channel/" + AdminServer.encoded(channel)
                + "/heartbeat?heartbeat=300&uuid=" + AdminServer.encoded(user);
        assertThat(server.client(path).status()).isEqualTo(200);
    }

    private void leave(String channel, String user) throws Exception {
        String path = "/v2/presence/sub-key/demo/channel/" + AdminServer.encoded(channel) + "/leave?uuid="
                + AdminServer.encoded(user);
        assertThat(server.client(path).status()).isEqualTo(200);
    }

    @Test
    void serverSentEvents_haveTheirTimetokenForAName() throws Exception {
        Reader reader = open("/events", "Accept", "text/event-stream");
        heartbeat("lobby", "alice");
        String id = reader.line();
        assertThat(reader.line()).isEqualTo("event: join");
        JsonNode event = JSON.readTree(reader.line().substring("data: ".length()));
        assertThat(id).isEqualTo("id: " + event.path("timetoken").asText());
        assertThat(event.path("key").asText()).isEqualTo("demo");
        assertThat(event.path("channel").asText()).isEqualTo("lobby");
        assertThat(event.path("user").asText()).isEqualTo("alice");
        assertThat(event.path("cause").asText()).isEqualTo("heartbeat");
        assertThat(event.path("occupancy").asInt()).isEqualTo(1);
    }

    @Test
    void lines_areJson_andCanBeSelected() throws Exception {
        Reader all = open("/keysets/demo/events", "Accept", "application/x-ndjson");
        Reader leaves = open("/events?format=ndjson&kinds=leave&channels=chat-*&users=bob");
        heartbeat("lobby", "bob");
        heartbeat("chat-1", "alice");
        heartbeat("chat-1", "bob");
        leave("lobby", "bob");
        leave("chat-1", "alice");
        leave("chat-1", "bob");
        JsonNode left = leaves.json();
        assertThat(left.path("channel").asText()).isEqualTo("chat-1");
        assertThat(left.path("user").asText()).isEqualTo("bob");
        assertThat(left.path("cause").asText()).isEqualTo("explicit");
        List<String> kinds = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            kinds.add(all.json().path("kind").asText());
        }
        assertThat(kinds).containsExactly("join", "join", "join", "leave", "leave", "leave");
    }

    @Test
    void whoeverComesBack_goesOnWhereTheyWere() throws Exception {
        Reader first = open("/events?format=ndjson");
        heartbeat("lobby", "alice");
        String last = first.json().path("timetoken").asText();
        first.close();
        heartbeat("lobby", "bob");
        assertThat(open("/events?format=ndjson&since=1", "Last-Event-ID", last)
                        .json()
                        .path("user")
                        .asText())
                .isEqualTo("bob");
        assertThat(open("/events?format=ndjson&since=" + last)
                        .json()
                        .path("user")
                        .asText())
                .isEqualTo("bob");
        JsonNode gap = open("/events?format=ndjson&since=1").json();
        assertThat(gap.path("kind").asText()).isEqualTo("gap");
        assertThat(gap.path("timetoken").asText()).isNotEmpty();
    }

    @Test
    void hostileNames_breakNoLine() throws Exception {
        Reader events = open("/events");
        Reader lines = open("/events?format=ndjson");
        String user = "a\"}\u2028\u202edata: x\u0007<script>";
        heartbeat("x", user);
        events.line();
        events.line();
        assertThat(JSON.readTree(events.line().substring("data: ".length()))
                        .path("user")
                        .asText())
                .isEqualTo(user);
        assertThat(lines.json().path("user").asText()).isEqualTo(user);
    }

    @Test
    void seventeenthStream_isRefused_untilOneIsGone() throws Exception {
        for (int i = 0; i < EventRoutes.MOST_STREAMS; i++) {
            open("/events");
        }
        Answer refused = server.get(API + "/events");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.headers()).containsKey("retry-after");
        assertThat(refused.error().path("expected").asText()).isEqualTo("at most 16");
        assertThat(streams()).isEqualTo(EventRoutes.MOST_STREAMS);
        readers.get(0).close();
        await().untilAsserted(() -> assertThat(streams()).isEqualTo(EventRoutes.MOST_STREAMS - 1));
        open("/events");
    }

    private int streams() throws Exception {
        return server.get(API + "/overview")
                .json()
                .path("eventStreams")
                .path("open")
                .asInt();
    }

    /** Whoever stops reading is told of a gap when they go on, and others notice nothing. */
    @Test
    void slowReader_findsAGap_andNobodyWaitsForIt() throws Exception {
        try (Socket slow = new Socket()) {
            slow.setReceiveBufferSize(4096);
            slow.setSoTimeout(60_000);
            slow.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.server.adminPort()));
            slow.getOutputStream().write(("GET " + API + "/events?format=ndjson HTTP/1.0\r\n\r\n").getBytes(UTF_8));
            BufferedReader in = new BufferedReader(new InputStreamReader(slow.getInputStream(), UTF_8));
            assertThat(in.readLine()).contains("200");
            String state = "%7B%22a%22%3A%22" + "x".repeat(12_000) + "%22%7D";
            heartbeat("lobby", "alice");
            for (int i = 0; i < 1500; i++) {
                server.client("/v2/presence/sub-key/demo/channel/lobby/uuid/alice/data?state="
                        + state.replace("xxxx", String.format("%04d", i)));
            }
            String last = "";
            boolean sawGap = false;
            long before = 0;
            heartbeat("lobby", "the-end");
            while (!last.contains("the-end")) {
                last = in.readLine();
                if (!last.startsWith("{")) {
                    continue;
                }
                JsonNode event = JSON.readTree(last);
                sawGap |= event.path("kind").asText().equals("gap");
                long timetoken = Long.parseLong(event.path("timetoken").asText());
                assertThat(timetoken).isGreaterThanOrEqualTo(before);
                before = timetoken;
            }
            assertThat(sawGap).isTrue();
        }
    }

    @Test
    void sessionThatIsEnded_endsItsStream() throws Exception {
        server.close();
        AdminPort port = AdminPort.DEFAULT.withToken(AdminToken.of("the-token-of-operators"));
        server = new AdminServer(
                config -> config.withProtection(config.protection().withAdmin(port)));
        String cookie = server.change("POST", API + "/session", "{\"token\":\"the-token-of-operators\"}")
                .headers()
                .get("set-cookie");
        String pair = cookie.substring(0, cookie.indexOf(';'));
        Reader reader = open("/events", "Cookie", pair);
        server.change("DELETE", API + "/session", "", "Cookie", pair);
        assertThat(reader.line()).isNull();
    }

    @Test
    void stoppedServer_endsStreams() throws Exception {
        Reader reader = open("/events");
        server.close();
        assertThat(reader.line()).isNull();
    }
}
