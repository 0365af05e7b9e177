package dev.rollcall.dist;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Puts what is published into a folder laid out as a Maven repository, with signatures and checksums, and into the archive that Maven
 * Central takes: {@code PROJECT VERSION TIME KEY TO}. Nothing else gets in: no bench, no packages, no jars of tests.
 */
public final class CentralBundle {
    /** The modules with a jar, each with the folder it is built in. A module that joins them is added here and to {@code bom/pom.xml}. */
    static final List<String> JARS =
            List.of("protocol", "engine", "engine-redis", "console", "server", "client", "testkit");

    private static final String GROUP = "dev/rollcall";
    private static final Map<String, String> CHECKSUMS = Map.of("md5", "MD5", "sha1", "SHA-1");

    private final Path project;
    private final String version;
    private final String key;
    private final Path repository;

    private CentralBundle(Path project, String version, String key, Path repository) {
        this.project = project;
        this.version = version;
        this.key = key;
        this.repository = repository;
    }

    /** Makes it. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 5 || arguments[3].isBlank()) {
            throw new IllegalArgumentException("arguments: " + List.of(arguments)
                    + " (expected: PROJECT VERSION TIME KEY TO; the key is -Dgpg.key)");
        }
        String version = arguments[1];
        if (version.endsWith("-SNAPSHOT")) {
            throw new IllegalArgumentException("version: " + version + " (expected: one that is not a snapshot)");
        }
        Path to = Path.of(arguments[4]);
        Packages.delete(to);
        CentralBundle bundle =
                new CentralBundle(Path.of(arguments[0]), version, arguments[3], to.resolve("repository"));
        bundle.make();
        bundle.zip(to.resolve("rollcall-" + version + "-central.zip"), Instant.parse(arguments[2]));
    }

    private void make() throws IOException {
        add("rollcall-parent", ".pom", project.resolve("pom.xml"));
        add("rollcall-bom", ".pom", project.resolve("bom/pom.xml"));
        for (String module : JARS) {
            String name = "rollcall-" + module;
            Path target = project.resolve(module).resolve("target");
            add(name, ".pom", project.resolve(module).resolve("pom.xml"));
            // The server's jar is built where it is run from.
            Path jars = module.equals("server") ? target.resolve("rollcall/lib") : target;
            add(name, ".jar", jars.resolve(name + '-' + version + ".jar"));
            for (String kind : List.of("-sources.jar", "-javadoc.jar")) {
                add(name, kind, target.resolve(name + '-' + version + kind));
            }
        }
    }

    private void add(String name, String kind, Path built) throws IOException {
        Path folder =
                Files.createDirectories(repository.resolve(GROUP).resolve(name).resolve(version));
        Path file = folder.resolve(name + '-' + version + kind);
        Files.copy(built, file, StandardCopyOption.REPLACE_EXISTING);
        sign(file);
        for (Map.Entry<String, String> checksum : CHECKSUMS.entrySet()) {
            String digest = HexFormat.of().formatHex(digest(checksum.getValue(), Files.readAllBytes(file)));
            Files.writeString(folder.resolve(file.getFileName() + "." + checksum.getKey()), digest);
        }
    }

    private void sign(Path file) throws IOException {
        Process process = new ProcessBuilder(
                        "gpg",
                        "--batch",
                        "--yes",
                        "--pinentry-mode",
                        "loopback",
                        "--local-user",
                        key,
                        "--armor",
                        "--detach-sign",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException("gpg could not sign " + file + ": " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static byte[] digest(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void zip(Path file, Instant time) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file)));
                Stream<Path> below = Files.walk(repository)) {
            for (Path path : below.filter(Files::isRegularFile).sorted().toList()) {
                ZipEntry entry =
                        new ZipEntry(repository.relativize(path).toString().replace('\\', '/'));
                entry.setLastModifiedTime(FileTime.from(time));
                zip.putNextEntry(entry);
                Files.copy(path, zip);
                zip.closeEntry();
            }
        }
    }
}
