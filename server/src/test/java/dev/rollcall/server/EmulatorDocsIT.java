package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/emulator.md shows is what happens. */
class EmulatorDocsIT {
    private static final String END = "--- end of a block ---";

    @TempDir
    Path folder;

    /** What stands between two fences. */
    private record Block(String language, String text) {}

    private static List<Block> blocks() throws IOException {
        List<Block> blocks = new ArrayList<>();
        String language = null;
        StringBuilder text = new StringBuilder();
        for (String line : Files.readAllLines(Path.of("../docs/emulator.md"))) {
            if (!line.startsWith("```")) {
                text.append(line).append('\n');
            } else if (language == null) {
                language = line.substring(3);
                text.setLength(0);
            } else {
                blocks.add(new Block(language, text.toString()));
                language = null;
            }
        }
        return blocks;
    }

    private static void assumeCommand(String command) {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(path -> Files.isExecutable(Path.of(path, command))),
                command + " is not on the PATH");
    }

    private String run(List<String> command, Path launcher) throws IOException, InterruptedException {
        Path out = folder.resolve("run.out");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.environment().put("ROLLCALL", launcher.toString());
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(out)).isZero();
        return Files.readString(out);
    }

    @Test
    void curlDoesAsTheBlocksSay() throws Exception {
        assumeCommand("curl");
        List<Block> blocks = blocks();
        StringBuilder script = new StringBuilder("set -eu\n");
        List<JsonNode> expected = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            if (blocks.get(i).language().equals("sh")) {
                script.append(blocks.get(i).text()).append("echo '" + END + "'\n");
                boolean isShown =
                        i + 1 < blocks.size() && blocks.get(i + 1).language().equals("json");
                expected.add(EmulatorProcess.JSON.readTree(
                        isShown ? blocks.get(i + 1).text() : "{}"));
            }
        }
        assertThat(expected).hasSizeGreaterThan(6);
        try (EmulatorProcess emulator = new EmulatorProcess(folder)) {
            String text = script.toString()
                    .replace("http://127.0.0.1:8091/emulator/v1", emulator.control.toString())
                    .replace("http://127.0.0.1:8090", emulator.server.toString());
            String[] printed = run(List.of("sh", "-c", text), emulator.launcher).split(END + "\n", -1);
            assertThat(printed).hasSize(expected.size() + 1);
            for (int i = 0; i < expected.size(); i++) {
                if (!expected.get(i).isEmpty()) {
                    assertHas("block " + i, EmulatorProcess.JSON.readTree(printed[i]), expected.get(i));
                }
            }
        }
    }

    /** Checks that all that is shown is there; there may be more. */
    private static void assertHas(String where, JsonNode actual, JsonNode shown) {
        if (shown.isObject()) {
            shown.properties()
                    .forEach(member ->
                            assertHas(where + '.' + member.getKey(), actual.path(member.getKey()), member.getValue()));
        } else if (shown.isArray()) {
            assertThat(actual.size()).as(where).isEqualTo(shown.size());
            for (int i = 0; i < shown.size(); i++) {
                assertHas(where + '[' + i + ']', actual.path(i), shown.path(i));
            }
        } else if (!shown.asText().equals("…")) {
            assertThat(actual).as(where).isEqualTo(shown);
        }
    }

    @Test
    void pythonRunsItsExample() throws Exception {
        assumeCommand("python3");
        Files.writeString(folder.resolve("test_offline.py"), only("python"));
        Path launcher = EmulatorProcess.launcher(folder);
        assertThat(run(List.of("python3", "test_offline.py"), launcher)).contains("Ran 1 test", "OK");
    }

    @Test
    void nodeRunsItsExample() throws Exception {
        assumeCommand("node");
        Files.writeString(folder.resolve("offline.test.mjs"), only("js"));
        Path launcher = EmulatorProcess.launcher(folder);
        assertThat(run(List.of("node", "--test", "--test-reporter=tap", "offline.test.mjs"), launcher))
                .contains("# pass 1");
    }

    private static String only(String language) throws IOException {
        List<Block> found = blocks().stream()
                .filter(block -> block.language().equals(language))
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0).text();
    }
}
