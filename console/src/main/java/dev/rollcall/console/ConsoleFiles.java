package dev.rollcall.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * All files of the console, in memory, by their path below the console: {@code ""} is the page itself. What is not in the list does not
 * exist, whatever a path says. Immutable.
 */
public final class ConsoleFiles {
    private static final String HTML = "text/html; charset=utf-8";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String STYLE = "text/css; charset=utf-8";
    private static final String IMAGE = "image/svg+xml";

    private final Map<String, ConsoleFile> files;

    private ConsoleFiles(Map<String, ConsoleFile> files) {
        this.files = files;
    }

    /**
     * Reads and compresses the files, which takes some tens of milliseconds.
     *
     * @throws IllegalStateException if one is missing: the jar is broken, or one of the libraries is not on the class path
     */
    public static ConsoleFiles load() {
        Map<String, ConsoleFile> files = new LinkedHashMap<>();
        files.put("", ConsoleFile.of(HTML, own("index.html")));
        files.put("app.css", ConsoleFile.of(STYLE, own("app.css")));
        files.put(
                "app.js",
                ConsoleFile.of(
                        SCRIPT,
                        ScriptBundle.of("app.js", path -> new String(own(path), UTF_8))
                                .getBytes(UTF_8)));
        files.put("icon.svg", ConsoleFile.of(IMAGE, own("icon.svg")));
        files.put("lib/preact.js", ConsoleFile.of(SCRIPT, library("preact", "dist/preact.min.umd.js")));
        files.put("lib/hooks.js", ConsoleFile.of(SCRIPT, library("preact", "hooks/dist/hooks.umd.js")));
        return new ConsoleFiles(files);
    }

    private static byte[] own(String name) {
        return read("/dev/rollcall/console/" + name);
    }

    /** Returns a file of a package that is on the class path as a WebJar, in whichever version. */
    private static byte[] library(String name, String file) {
        Properties properties = new Properties();
        String about = "/META-INF/maven/org.webjars.npm/" + name + "/pom.properties";
        try (InputStream in = open(about)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return read("/META-INF/resources/webjars/" + name + '/' + properties.getProperty("version") + '/' + file);
    }

    private static byte[] read(String resource) {
        try (InputStream in = open(resource)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String resource) {
        InputStream in = ConsoleFiles.class.getResourceAsStream(resource);
        if (in == null) {
            throw new IllegalStateException("the console lacks " + resource);
        }
        return in;
    }

    /** Returns the file at a path below the console, or null if there is none. */
    public @Nullable ConsoleFile find(String path) {
        return files.get(path);
    }

    /** Returns all files, by path. */
    public Map<String, ConsoleFile> all() {
        return Map.copyOf(files);
    }
}
