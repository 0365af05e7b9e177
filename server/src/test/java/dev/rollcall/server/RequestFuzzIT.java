package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rollcall.server.config.RollcallConfig;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Throws tens of thousands of odd requests at a running server: odd names, parameters, bodies and bytes, over connections that are kept.
 * Whatever they are, the answer is one a client can read, and the server is well afterwards. The seed is printed; {@code
 * -Dfuzz.seed=…} takes it again.
 */
class RequestFuzzIT {
    private static final int REQUESTS = Integer.getInteger("fuzz.requests", 60_000);
    private static final int THREADS = 4;
    private static final Set<Integer> STATUSES = Set.of(200, 400, 404, 405, 413, 414, 415, 431);

    /** The statuses behind which a connection may be closed: the server cannot tell where the next request would begin. */
    private static final Set<Integer> CLOSING = Set.of(400, 413, 414, 415, 431);

    @Test
    void requests_ofAnyKindGetAnAnswerAndDoNoHarm() throws Exception {
        long seed = Long.getLong("fuzz.seed", System.nanoTime());
        System.out.println("fuzz.seed=" + seed);
        try (RollcallServer server =
                RollcallServer.start(RollcallConfig.development().withPort(0).withAdminPort(0))) {
            Map<Integer, Integer> statuses = new TreeMap<>();
            ExecutorService threads = Executors.newFixedThreadPool(THREADS);
            List<Future<Map<Integer, Integer>>> results = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                long threadSeed = seed + thread;
                Callable<Map<Integer, Integer>> task = () -> fuzz(server.port(), threadSeed, REQUESTS / THREADS);
                results.add(threads.submit(task));
            }
            for (Future<Map<Integer, Integer>> result : results) {
                result.get().forEach((status, count) -> statuses.merge(status, count, Integer::sum));
            }
            threads.shutdown();
            System.out.println("fuzz.statuses=" + statuses);
            assertThat(statuses.keySet()).contains(200, 400, 404, 405, 414);
            assertThat(statuses.get(200)).isGreaterThan(REQUESTS / 10);
            assertHealthy(server);
        }
    }

    /** What a browser asks that is sent to the port itself. */
    private static final Pattern FRONT_PAGE = Pattern.compile("(GET|HEAD) /(\\?\\S*)? HTTP/1\\.1\r\n");

    private static void assertHealthy(RollcallServer server) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        URI admin = URI.create("http://127.0.0.1:" + server.adminPort());
        assertThat(body(client, admin.resolve("/ready"))).isEqualTo("ready\n");
        assertThat(body(client, admin.resolve("/metrics")))
                .doesNotContain("status=\"500\"")
                .doesNotContain("status=\"503\"");
        URI uri = server.uri();
        assertThat(body(client, uri.resolve("/v2/presence/sub-key/well/channel/c/heartbeat?uuid=u")))
                .contains("OK");
        assertThat(body(client, uri.resolve("/v2/presence/sub-key/well/channel/c")))
                .contains("\"uuids\":[\"u\"]");
        assertThat(body(client, uri.resolve("/v2/subscribe/well/c/0"))).contains("\"m\":[]");
    }

    private static String body(HttpClient client, URI uri) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
    }

    private static Map<Integer, Integer> fuzz(int port, long seed, int requests) throws IOException {
        OddRequests source = new OddRequests(new SplittableRandom(seed));
        ObjectMapper mapper = new ObjectMapper();
        Map<Integer, Integer> statuses = new TreeMap<>();
        RawConnection connection = new RawConnection(port);
        try {
            for (int i = 0; i < requests; i++) {
                OddRequests.Odd request = source.next();
                String shown = "seed " + seed + " request " + i + ": " + request.shown();
                RawConnection.Answer answer;
                try {
                    answer = connection.exchange(request.bytes(), request.mayWait() ? 20 : 10_000);
                } catch (SocketTimeoutException e) {
                    assertThat(request.mayWait()).as(shown).isTrue();
                    connection.close();
                    connection = new RawConnection(port);
                    statuses.merge(0, 1, Integer::sum);
                    continue;
                } catch (IOException e) {
                    throw new AssertionError(shown, e);
                }
                check(answer, request, shown, mapper);
                statuses.merge(answer.status(), 1, Integer::sum);
                if (answer.isClosing()) {
                    assertThat(CLOSING).as(shown).contains(answer.status());
                    assertThat(request.breaksFraming())
                            .as(shown + " got " + answer)
                            .isTrue();
                    connection.close();
                    connection = new RawConnection(port);
                }
            }
        } finally {
            connection.close();
        }
        return statuses;
    }

    private static void check(RawConnection.Answer answer, OddRequests.Odd request, String shown, ObjectMapper mapper)
            throws IOException {
        String described = shown + " got " + answer;
        assertThat(STATUSES).as(described).contains(answer.status());
        if (answer.status() == 200
                && FRONT_PAGE
                        .matcher(new String(request.bytes(), StandardCharsets.ISO_8859_1))
                        .lookingAt()) {
            assertThat(answer.header("content-type")).as(described).startsWith("text/plain");
            return;
        }
        assertThat(answer.header("content-type")).as(described).startsWith("text/javascript");
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        assertThat(text).as(described).doesNotContainIgnoringCase("<html");
        if (request.isHead()) {
            assertThat(answer.body()).as(described).isEmpty();
        } else if (!request.isPreflight()) {
            boolean wrapped = text.endsWith(")");
            String json = wrapped ? text.substring(text.indexOf('(') + 1, text.length() - 1) : text;
            assertThat(mapper.readTree(json)).as(described).isNotNull();
            assertThat(text).as(described).isNotEmpty();
        }
    }
}
