package dev.rollcall.bench.process;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Socket.IO on Node.js, if that is installed. What it needs from npm is fetched once, to where its script is. */
final class SocketIo {
    private static final Path SCRIPT = Path.of("socketio", "server.mjs");
    private static final int INSTALL_MINUTES = 3;

    private SocketIo() {}

    /**
     * Starts it.
     *
     * @param jvm whose class path leads to the script
     * @throws IOException if it cannot be had here; the first line of its message says why
     */
    static ServerProcess start(String name, Jvm jvm, Consumer<String> progress)
            throws IOException, InterruptedException {
        Path node = program("node", System.getenv("PATH"))
                .orElseThrow(() -> new IOException("Node.js is not installed (no node on the PATH)"));
        Path script = script(jvm.classPath())
                .orElseThrow(() -> new IOException("there is no " + SCRIPT + " near the jars of the bench"));
        install(script.resolveSibling(""), progress);
        return ServerProcess.start(name, List.of(node.toString(), "--expose-gc", script.toString()));
    }

    /** Returns a program that is found as a shell finds it. */
    static Optional<Path> program(String name, @Nullable String searchPath) {
        return Stream.of((searchPath == null ? "" : searchPath).split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name).toAbsolutePath())
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Returns the script, which is in a folder above that of the jars or classes. */
    static Optional<Path> script(List<String> classPath) {
        for (String entry : classPath) {
            for (Path at = Path.of(entry).toAbsolutePath(); at != null; at = at.getParent()) {
                if (Files.exists(at.resolve(SCRIPT))) {
                    return Optional.of(at.resolve(SCRIPT));
                }
            }
        }
        return Optional.empty();
    }

    /** Returns whether what a folder has from npm is not older than what it wants. */
    static boolean isInstalled(Path folder) throws IOException {
        Path installed = folder.resolve("node_modules").resolve(".package-lock.json");
        Path wanted = folder.resolve("package-lock.json");
        return Files.exists(installed)
                && Files.getLastModifiedTime(installed).compareTo(Files.getLastModifiedTime(wanted)) >= 0;
    }

    private static void install(Path folder, Consumer<String> progress) throws IOException, InterruptedException {
        if (isInstalled(folder)) {
            return;
        }
        Path npm = program("npm", System.getenv("PATH"))
                .orElseThrow(() -> new IOException("npm is not installed (no npm on the PATH)"));
        progress.accept("installing Socket.IO, the first time only: npm ci in " + folder);
        Path output = Files.createTempFile("rollcall-bench-npm", ".log");
        output.toFile().deleteOnExit();
        // No scripts: bufferutil comes built for most machines, and ws does without it elsewhere. Few retries: who has
        // no network shall not wait for minutes.
        Process process = new ProcessBuilder(
                        npm.toString(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.getOutputStream().close();
        if (!process.waitFor(INSTALL_MINUTES, TimeUnit.MINUTES)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new IOException("npm ci did not end within " + INSTALL_MINUTES + " minutes");
        }
        if (process.exitValue() != 0) {
            throw new IOException("npm ci failed: " + firstError(Files.readString(output, StandardCharsets.UTF_8)));
        }
    }

    /** Returns the line that says most of what npm said: the first error, for warnings come first. */
    static String firstError(String output) {
        return output.lines()
                .filter(line -> line.startsWith("npm error") || line.startsWith("npm ERR!"))
                .findFirst()
                .orElse(output.strip());
    }
}
