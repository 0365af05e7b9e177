package dev.rollcall.dist;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.opentest4j.TestAbortedException;

/** Programs of the machine that the tests call. */
final class Shell {
    static final Path PROJECT = Path.of(System.getProperty("basedir", "."))
            .toAbsolutePath()
            .normalize()
            .getParent();
    static final Path PACKAGES = PROJECT.resolve("dist/target/packages");
    static final String VERSION = System.getProperty("rollcall.version", "unknown");

    record Outcome(int status, String said) {}

    private Shell() {}

    /** Runs a program to its end with the variables of a bare system and those given. */
    static Outcome run(Map<String, String> environment, Path folder, List<String> command) {
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
            bare(builder, environment);
            Process process = builder.start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Outcome(process.waitFor(), said);
        } catch (IOException e) {
            return new Outcome(127, e.getMessage());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static void bare(ProcessBuilder builder, Map<String, String> environment) {
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        builder.environment().putAll(environment);
    }

    /** Runs a program, fails where it does, and returns what it said. */
    static String ok(Path folder, String... command) {
        Outcome outcome = run(Map.of(), folder, List.of(command));
        if (outcome.status != 0) {
            throw new AssertionError(
                    "status " + outcome.status + " of " + Arrays.toString(command) + ": " + outcome.said);
        }
        return outcome.said;
    }

    static boolean succeeds(String... command) {
        return run(Map.of(), Path.of("/"), List.of(command)).status == 0;
    }

    static boolean isRoot() {
        return ok(Path.of("/"), "id", "-u").strip().equals("0");
    }

    /** Ends the test, for this machine lacks what it needs, and says so where nobody can miss it. */
    static TestAbortedException notTried(String what, String why) {
        tell("NOT TRIED: " + what + ": " + why);
        return new TestAbortedException(what + ": " + why);
    }

    static void tell(String text) {
        System.out.println("[WARNING] packages: " + text);
    }

    static Map<String, String> with(Map<String, String> some, Map<String, String> more) {
        Map<String, String> all = new TreeMap<>(some);
        all.putAll(more);
        return all;
    }
}
