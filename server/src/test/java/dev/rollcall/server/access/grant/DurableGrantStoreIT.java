package dev.rollcall.server.access.grant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.server.access.grant.GrantKey.Kind;
import dev.rollcall.server.store.DataDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process that grants and revokes, at any moment, again and again: what it was told is kept is kept. */
class DurableGrantStoreIT {
    private static final int ROUNDS = 6;

    @TempDir
    Path folder;

    @Test
    void kill_losesNothingThatWasAcknowledged() throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(11);
        List<Integer> acknowledged = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            acknowledged.addAll(runAndKill(round * 1_000_000, random.nextInt(50, 600)));
            try (DataDirectory directory = DataDirectory.open(folder)) {
                DurableGrantStore store = DurableGrantStore.open(directory, MemoryBudget.unlimited());
                assertThat(acknowledged)
                        .allMatch(number -> number % 2 == 0
                                ? store.grant(new GrantKey(CrashWriter.KEY, Kind.CHANNEL, "c" + number, "")) != null
                                : store.isRevoked("t" + number));
            }
        }
        assertThat(acknowledged).hasSizeGreaterThan(ROUNDS * 50);
    }

    private List<Integer> runAndKill(int first, int changes) throws IOException, InterruptedException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath,
                        CrashWriter.class.getName(),
                        folder.toString(),
                        String.valueOf(first))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<Integer> acknowledged = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (acknowledged.size() < changes) {
                    acknowledged.add(Integer.valueOf(line));
                } else {
                    process.destroyForcibly();
                    break;
                }
            }
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return acknowledged;
    }
}
