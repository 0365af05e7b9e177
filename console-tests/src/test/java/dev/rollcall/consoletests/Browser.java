package dev.rollcall.consoletests;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs the scenarios of this module in Node, which drives the browser. */
final class Browser {
    /** The names under which distributions install it. */
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");

    private static final List<String> SCENARIOS = List.of("json.test.mjs", "console.test.mjs", "emulator.test.mjs");

    private static final Path SCRIPTS = Path.of("js");
    private static final JsonMapper JSON = new JsonMapper();
    private static final int MINUTES = 8;

    private Browser() {}

    /** A test that Node ran; {@code error} is empty if it passed. */
    record Outcome(String name, double seconds, String error) {}

    /** Runs them all. Where there is no browser, Node or npm, the test that called is aborted, and fails in CI. */
    static List<Outcome> run(Map<String, String> environment) throws IOException, InterruptedException {
        required("node");
        required("npm");
        String browser = required(NAMES.toArray(new String[0]));
        install();
        List<String> command = new ArrayList<>(
                List.of("node", "--test", "--test-concurrency=1", "--test-reporter=./lines-reporter.mjs"));
        command.addAll(SCENARIOS);
        List<String> output = execute("tests", command, with(environment, "CHROMIUM", browser));
        List<Outcome> outcomes = new ArrayList<>();
        for (String line : output) {
            if (line.startsWith("{")) {
                JsonNode test = JSON.readTree(line);
                Outcome outcome = new Outcome(
                        test.path("name").asText(),
                        test.path("seconds").asDouble(),
                        test.path("error").asText());
                System.out.printf("%6.1f s  %s%n", outcome.seconds(), outcome.name());
                outcomes.add(outcome);
            } else if (!line.isBlank()) {
                System.out.println(line);
            }
        }
        assertThat(outcomes).as("tests that Node ran; it printed %s", output).isNotEmpty();
        return outcomes;
    }

    private static boolean tellsOfFailure(String line) {
        return line.startsWith("{") && !line.endsWith("\"error\":\"\"}");
    }

    private static Map<String, String> with(Map<String, String> environment, String name, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(name, value);
        return more;
    }

    private static void install() throws IOException, InterruptedException {
        Path installed = SCRIPTS.resolve("node_modules/.package-lock.json");
        Path wanted = SCRIPTS.resolve("package-lock.json");
        if (Files.exists(installed)
                && Files.getLastModifiedTime(installed).compareTo(Files.getLastModifiedTime(wanted)) >= 0) {
            return;
        }
        execute("npm", List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"), Map.of());
        assertThat(installed).as("what npm ci leaves").exists();
    }

    /** Returns the first of the programs that is there. */
    private static String required(String... names) {
        for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
            for (String name : names) {
                Path program = Path.of(folder, name);
                if (Files.isExecutable(program)) {
                    return program.toString();
                }
            }
        }
        String missing = names[0] + " is not on the PATH, and the tests of the console need it";
        if ("true".equals(System.getenv("CI"))) {
            fail(missing);
        }
        System.out.println("SKIPPED: " + missing);
        return abort(missing);
    }

    private static List<String> execute(String label, List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path output = Path.of("target", label + ".out");
        Path errors = Path.of("target", label + ".err");
        Files.createDirectories(output.getParent());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(SCRIPTS.toAbsolutePath().toFile())
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
        // Node ends with 1 when a test failed; then its lines say which. Otherwise it broke off.
        if (process.exitValue() != 0 && lines.stream().noneMatch(Browser::tellsOfFailure)) {
            fail("%s ended with %d: %s %s", command, process.exitValue(), lines, Files.readString(errors));
        }
        return lines;
    }
}
