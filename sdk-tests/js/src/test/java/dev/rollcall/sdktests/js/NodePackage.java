package dev.rollcall.sdktests.js;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A folder of this module with a {@code package.json}, and in its {@code node_modules} the SDK that this names.
 *
 * @param name the folder
 */
record NodePackage(String name) {

    /** A test that Node ran; {@code error} is empty if it passed. */
    record Outcome(String name, double seconds, String error) {}

    private static final JsonMapper JSON = new JsonMapper();
    private static final int MINUTES = 3;

    /** Held while packages are fetched: tests of one package run at the same time. */
    private static final Object INSTALLING = new Object();

    /**
     * Runs a test file against the server at {@code origin}. Where there is no Node or npm, the test that called is
     * aborted, and fails in CI.
     */
    List<Outcome> run(String testFile, String origin) throws IOException, InterruptedException {
        return run(testFile, origin, "");
    }

    /** The same, with the address at which an emulator is controlled. */
    List<Outcome> run(String testFile, String origin, String control) throws IOException, InterruptedException {
        requireCommand("node");
        requireCommand("npm");
        synchronized (INSTALLING) {
            install();
        }
        List<String> command = List.of("node", "--test", "--test-reporter=./lines-reporter.mjs", testFile);
        List<String> output = execute(
                testFile.replaceFirst("\\..*", ""),
                Path.of(""),
                command,
                Map.of("ROLLCALL_ORIGIN", origin, "ROLLCALL_EMULATOR", control, "SDK", name));
        List<Outcome> outcomes = new ArrayList<>();
        for (String line : output) {
            if (line.startsWith("{")) {
                JsonNode test = JSON.readTree(line);
                outcomes.add(new Outcome(
                        test.path("name").asText(),
                        test.path("seconds").asDouble(),
                        test.path("error").asText()));
            }
        }
        assertThat(outcomes)
                .as("tests of %s that Node ran; it printed %s", name, output)
                .isNotEmpty();
        return outcomes;
    }

    /** Brings {@code node_modules} to the state of the lock file, unless it is there. */
    private void install() throws IOException, InterruptedException {
        Path folder = Path.of(name);
        Path installed = folder.resolve("node_modules/.package-lock.json");
        Path wanted = folder.resolve("package-lock.json");
        if (Files.exists(installed)
                && Files.getLastModifiedTime(installed).compareTo(Files.getLastModifiedTime(wanted)) >= 0) {
            return;
        }
        List<String> command = List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        execute("npm", folder, command, Map.of());
        assertThat(installed).as("what npm ci leaves").exists();
    }

    private static void requireCommand(String command) {
        boolean found = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
        if (found) {
            return;
        }
        String missing = command + " is not on the PATH, and the JavaScript SDKs need it";
        if ("true".equals(System.getenv("CI"))) {
            fail(missing);
        }
        System.out.println("SKIPPED: " + missing);
        abort(missing);
    }

    /** Runs a command, its output to files under {@code target}, and returns the lines that it printed. */
    private List<String> execute(String label, Path folder, List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path output = Path.of("target", name + "-" + label + ".out");
        Path errors = Path.of("target", name + "-" + label + ".err");
        Files.createDirectories(output.getParent());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toAbsolutePath().toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            fail("%s did not end within %d minutes; see %s", command, MINUTES, output);
        }
        List<String> lines = Files.readAllLines(output);
        // Node ends with 1 when a test failed; then its lines say which.
        if (process.exitValue() != 0 && lines.stream().noneMatch(line -> line.startsWith("{"))) {
            fail("%s ended with %d: %s %s", command, process.exitValue(), lines, Files.readString(errors));
        }
        return lines;
    }
}
