package dev.rollcall.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.embedded.EmbeddedEngine;
import dev.rollcall.protocol.Channel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process that edits channel groups, at any moment, again and again: what it was told is kept is kept. */
class DurableGroupStoreIT {
    private static final int ROUNDS = 5;

    @TempDir
    Path folder;

    @Test
    void kill_losesNoEditOfAGroupThatWasAcknowledged() throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(12);
        List<Integer> acknowledged = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            acknowledged.addAll(runAndKill(round * 1_000_000, random.nextInt(50, 600)));
            try (DataDirectory directory = DataDirectory.open(folder)) {
                Set<Channel> present = channels(GroupCrashWriter.engine(directory));
                assertThat(acknowledged)
                        .allMatch(number -> present.contains(new Channel("c" + number)) == (number % 2 == 0));
            }
        }
        assertThat(acknowledged).hasSizeGreaterThan(ROUNDS * 50);
    }

    private static Set<Channel> channels(EmbeddedEngine engine) {
        Set<Channel> channels = new HashSet<>();
        engine.groups(GroupCrashWriter.KEY)
                .toCompletableFuture()
                .join()
                .forEach(group -> channels.addAll(engine.group(GroupCrashWriter.KEY, group)
                        .toCompletableFuture()
                        .join()));
        return channels;
    }

    private List<Integer> runAndKill(int first, int edits) throws IOException, InterruptedException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath,
                        GroupCrashWriter.class.getName(),
                        folder.toString(),
                        String.valueOf(first))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<Integer> acknowledged = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null && acknowledged.size() < edits; line = lines.readLine()) {
                acknowledged.add(Integer.valueOf(line));
            }
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return acknowledged;
    }
}
