package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with a data directory, as a process that is stopped or killed and started again under its clients. */
class RestartIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern POSITION = Pattern.compile("^\\{\"t\":\\{\"t\":\"(\\d+)\"");
    private static final String PRESENCE = "/v2/presence/sub-key/demo/channel/";

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private Process process;
    private URI uri;
    private int starts;

    private void start(String... more) throws IOException {
        starts++;
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.rollcall.server.Main",
                "serve",
                "--port",
                "0",
                "--admin-port",
                "0",
                "--data",
                data().toString()));
        command.addAll(List.of(more));
        Path out = folder.resolve("out" + starts);
        process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(folder.resolve("err" + starts).toFile())
                .start();
        await().atMost(PATIENCE).until(() -> Files.readString(out).contains("\n"));
        uri = URI.create(Files.readString(out).lines().findFirst().orElseThrow().substring("listening on ".length()));
    }

    private Path data() {
        return folder.resolve("data");
    }

    private Path snapshot() {
        return data().resolve(Snapshots.FILE);
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("err" + starts));
    }

    private void stop() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    private void kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    @AfterEach
    void end() {
        process.destroyForcibly();
    }

    private CompletableFuture<HttpResponse<String>> ask(String path) {
        return client.sendAsync(HttpRequest.newBuilder(uri.resolve(path)).build(), BodyHandlers.ofString());
    }

    private String get(String path) throws Exception {
        HttpResponse<String> response = ask(path).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }

    private String hereNow() throws Exception {
        return get(PRESENCE + "lobby?state=1");
    }

    private static String position(String body) {
        Matcher position = POSITION.matcher(body);
        assertThat(position.find()).as(body).isTrue();
        return position.group(1);
    }

    private static String poll(String user, String position) {
        return "/v2/subscribe/demo/lobby,lobby-pnpres/0?uuid=" + user + "&heartbeat=300&tt=" + position;
    }

    private String publish(String text) throws Exception {
        return get("/publish/demo/demo/0/lobby/0/%22" + text + "%22");
    }

    /** Lets a user come and hear themselves, and returns their position. */
    private String come(String user) throws Exception {
        String first = get(poll(user, "0"));
        String joined = get(poll(user, position(first)));
        assertThat(joined).contains("\"pn_action\":\"join\"", "\"pn_uuid\":\"" + user + "\"");
        return position(joined);
    }

    @Test
    void sigterm_andStart_losesNothingAndNobodyHearsOfIt() throws Exception {
        start();
        String ann = come("ann");
        get(PRESENCE + "lobby/uuid/ann/data?state=%7B%22k%22:1%7D");
        ann = position(get(poll("ann", ann)));
        get("/v1/channel-registration/sub-key/demo/channel-group/g?add=lobby,b,a");
        String before = hereNow();
        CompletableFuture<HttpResponse<String>> waiting = ask(poll("ann", ann));
        stop();
        HttpResponse<String> released = waiting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(released.statusCode()).isEqualTo(200);
        assertThat(position(released.body())).as("nothing is skipped").isEqualTo(ann);
        start();
        assertThat(log()).contains("presence restored occupants=1");
        assertThat(hereNow()).isEqualTo(before).contains("\"occupancy\":1", "\"k\":1");
        assertThat(get("/v1/channel-registration/sub-key/demo/channel-group/g")).contains("[\"lobby\",\"b\",\"a\"]");
        publish("after");
        String heard = get(poll("ann", ann));
        assertThat(heard).contains("\"d\":\"after\"").doesNotContain("pn_action");
        assertThat(hereNow()).isEqualTo(before);
    }

    @Test
    void sigterm_keepsWhatWasPublishedButNotFetched() throws Exception {
        start();
        String ann = come("ann");
        publish("one");
        publish("two");
        stop();
        start();
        publish("three");
        assertThat(get(poll("ann", ann)))
                .containsSubsequence("\"d\":\"one\"", "\"d\":\"two\"", "\"d\":\"three\"")
                .doesNotContain("pn_action");
    }

    @Test
    void kill_andStart_goesOnFromTheLastSnapshot() throws Exception {
        start("--snapshot-interval", "100ms");
        String ann = come("ann");
        publish("one");
        awaitSnapshot();
        kill();
        start("--snapshot-interval", "100ms");
        assertThat(hereNow()).contains("\"occupancy\":1", "\"uuid\":\"ann\"");
        publish("two");
        String heard = get(poll("ann", ann));
        assertThat(heard).containsSubsequence("\"d\":\"one\"", "\"d\":\"two\"").doesNotContain("pn_action");
        get(PRESENCE + "lobby/heartbeat?uuid=ann&heartbeat=300");
        publish("three");
        assertThat(get(poll("ann", position(heard))))
                .contains("\"d\":\"three\"")
                .doesNotContain("pn_action");
    }

    @Test
    void kill_whoDoesNotComeBackTimesOutAfterTheGrace() throws Exception {
        start("--snapshot-interval", "100ms");
        String ann = come("ann");
        get(PRESENCE + "lobby/heartbeat?uuid=bob&heartbeat=2");
        ann = position(get(poll("ann", ann)));
        awaitSnapshot();
        kill();
        start("--restart-grace", "1s");
        assertThat(get(poll("ann", ann))).contains("\"pn_action\":\"timeout\"", "\"pn_uuid\":\"bob\"");
    }

    @Test
    void damagedSnapshot_isPutAsideWithAWarning() throws Exception {
        start();
        come("ann");
        stop();
        byte[] bytes = Files.readAllBytes(snapshot());
        bytes[bytes.length / 2] ^= 1;
        Files.write(snapshot(), bytes);
        start();
        assertThat(log())
                .contains("presence cannot be restored, beginning with nobody present", "has a wrong checksum")
                .contains("presence.snapshot.damaged");
        assertThat(get(PRESENCE + "lobby")).contains("\"occupancy\":0");
    }

    /** Waits for a snapshot that was begun after everything so far. */
    private void awaitSnapshot() throws IOException {
        for (int i = 0; i < 2; i++) {
            FileTime last = Files.exists(snapshot()) ? Files.getLastModifiedTime(snapshot()) : FileTime.fromMillis(0);
            await().atMost(PATIENCE)
                    .until(() -> Files.exists(snapshot())
                            && Files.getLastModifiedTime(snapshot()).compareTo(last) > 0);
        }
    }
}
