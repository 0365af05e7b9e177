package dev.rollcall.dist;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A Java that has what the server and the command line need and nothing else, linked from the JDK this runs on, and class data for it: the
 * classes that a program loads when it starts, as the JVM wants them in memory.
 */
final class RuntimeImage {
    /** The Java for which the options, the class data and the tests of the packages are made. */
    static final int VERSION = 25;

    // As far as libraries name others (java.desktop, java.sql), they do without them. Ciphers of TLS come with
    // java.base.
    private static final String MODULES =
            "java.base,java.logging,java.management,java.naming,java.net.http,java.xml,jdk.jfr,jdk.management,"
                    + "jdk.unsupported";

    private final Path folder;

    private RuntimeImage(Path folder) {
        this.folder = folder;
    }

    static boolean isPossible() {
        return Runtime.version().feature() == VERSION
                && Files.isExecutable(javaHome().resolve("bin/jlink"));
    }

    private static Path javaHome() {
        return Path.of(System.getProperty("java.home"));
    }

    /** Links one into a folder that is not there yet. */
    static RuntimeImage link(Path folder) throws IOException {
        run(List.of(
                javaHome().resolve("bin/jlink").toString(),
                "--add-modules",
                MODULES,
                "--strip-debug",
                "--no-header-files",
                "--no-man-pages",
                "--compress",
                "zip-6",
                "--output",
                folder.toString()));
        return new RuntimeImage(folder);
    }

    Path folder() {
        return folder;
    }

    /** Returns a value of the file {@code release}, such as {@code JAVA_VERSION}. */
    static String release(String name) throws IOException {
        return Files.readAllLines(javaHome().resolve("release")).stream()
                .filter(line -> line.startsWith(name + '='))
                .map(line -> line.substring(name.length() + 1).replace("\"", ""))
                .findFirst()
                .orElse("unknown");
    }

    List<String> modules() {
        return List.of(MODULES.split(","));
    }

    /**
     * Writes the class data of the classes listed, for a class path and the options of the file. It holds for jars of the same names, sizes
     * and times at any place. Its bytes depend on the paths of what it is made from.
     */
    void archiveClasses(List<Path> classPath, Path classes, JvmOptions options, Path to) throws IOException {
        List<String> command = java(options);
        command.addAll(List.of(
                "-Xshare:dump",
                // Of the classes listed some were loaded by other versions of the libraries only.
                "-Xlog:disable",
                "-Xlog:all=error",
                "-XX:SharedClassListFile=" + classes,
                "-XX:SharedArchiveFile=" + to,
                "-cp",
                joined(classPath)));
        run(command);
        if (!Files.exists(to)) {
            throw new IOException("no class data written: " + to);
        }
    }

    /** Runs a program to its end and returns what it prints. */
    String run(List<Path> classPath, JvmOptions options, String main, List<String> words) throws IOException {
        List<String> command = java(options);
        command.addAll(List.of("-cp", joined(classPath), main));
        command.addAll(words);
        return run(command);
    }

    private List<String> java(JvmOptions options) {
        List<String> command =
                new ArrayList<>(List.of(folder.resolve("bin/java").toString()));
        command.addAll(options.of(VERSION));
        return command;
    }

    private static String joined(List<Path> classPath) {
        return classPath.stream().map(Path::toString).collect(Collectors.joining(":"));
    }

    private static String run(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // Neither options for JVMs nor languages and time zones of whoever builds get into what is made.
        builder.environment().clear();
        builder.environment().putAll(Map.of("LC_ALL", "C", "TZ", "UTC"));
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException("status " + status + " of " + command.get(0) + ": " + said);
            }
            return said;
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
