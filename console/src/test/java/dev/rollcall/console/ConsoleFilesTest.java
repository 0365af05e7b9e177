package dev.rollcall.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the console is made of: all of it is there, small, and nothing that its policy would refuse. */
class ConsoleFilesTest {
    private static final int MOST_COMPRESSED = 60 * 1024;
    private static final int MOST_LINES = 400;
    private static final Path SOURCES = Path.of("src/main/resources/dev/rollcall/console");
    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"]+)\"");

    private static final Map<String, ConsoleFile> FILES = ConsoleFiles.load().all();

    private static String text(String path) {
        ConsoleFile file = FILES.get(path);
        assertThat(file).as(path).isNotNull();
        return new String(file.bytes(), UTF_8);
    }

    /** Returns the files of the console as they are written, by path. */
    private static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new TreeMap<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sources.put(SOURCES.relativize(file).toString().replace('\\', '/'), Files.readString(file));
            }
        }
        return sources;
    }

    @Test
    void everyModule_isPartOfTheScript_andEveryLinkLeadsSomewhere() throws IOException {
        for (String path : sources().keySet()) {
            if (path.endsWith(".js")) {
                assertThat(text("app.js")).contains("const $" + path.replaceAll("\\W", "_") + " = (() => {");
            }
        }
        assertThat(text("app.js")).doesNotContain("\nimport ", "\nexport ", "\n//", "\n/*");
        // Names are not changed on the way, for that would be another language.
        assertThat(text("app.js")).doesNotContainPattern("const \\{[^}]* as [^}]*} = \\$");
        for (MatchResult found : LINK.matcher(text("")).results().toList()) {
            assertThat(FILES).containsKey(found.group(1));
        }
    }

    /** What becomes one script has no texts over several lines, whose indentation would be lost. */
    @Test
    void backticks_endInTheirLine() throws IOException {
        sources()
                .forEach((path, text) -> text.lines()
                        .filter(line -> line.chars().filter(c -> c == '`').count() % 2 != 0)
                        .forEach(line -> fail(path + ": " + line)));
    }

    @Test
    void all_isSmall() {
        int total = FILES.values().stream().mapToInt(file -> file.gzip().length).sum();
        System.out.println("console: " + total + " bytes compressed");
        assertThat(total).isLessThan(MOST_COMPRESSED);
    }

    /** The policy of the page would stop most of these; none is tried. */
    @Test
    void noFile_makesCodeOfText() throws IOException {
        List<String> found = new ArrayList<>();
        sources()
                .forEach((path, text) -> Stream.of(
                                "innerHTML",
                                "outerHTML",
                                "insertAdjacentHTML",
                                "document.write",
                                "eval(",
                                "new Function",
                                "dangerouslySetInnerHTML",
                                " style=\"",
                                "javascript:",
                                "localStorage")
                        .filter(text::contains)
                        .forEach(word -> found.add(path + ": " + word)));
        assertThat(found).isEmpty();
        assertThat(text("")).doesNotContain("<script>", "<style");
    }

    @Test
    void files_areShort() throws IOException {
        sources()
                .forEach((path, text) ->
                        assertThat(text.lines().count()).as(path).isLessThan(MOST_LINES));
    }

    @Test
    void entityTags_differ() {
        assertThat(FILES.values().stream().map(ConsoleFile::entityTag)).doesNotHaveDuplicates();
    }
}
