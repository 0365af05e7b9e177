package dev.rollcall.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/rules.md} names tests that exist, and every decision. */
class RulesPageTest {
    static final Path ROOT = Path.of("..");
    private static final Pattern NAMED_TEST = Pattern.compile("`(\\w+)#(\\w+)`");
    private static final Pattern NUMBERED_ROW = Pattern.compile("(?m)^\\| (\\d+) \\|");

    @Test
    void page_namesTestsThatExist() throws IOException {
        Map<String, String> sources = testSources(List.of("protocol", "engine", "server"));
        List<String> missing = new ArrayList<>();
        int named = 0;
        for (Matcher test = NAMED_TEST.matcher(page("rules.md")); test.find(); named++) {
            String source = sources.getOrDefault(test.group(1), "");
            if (!source.contains(" " + test.group(2) + "(")) {
                missing.add(test.group(1) + "#" + test.group(2));
            }
        }
        assertThat(named).isGreaterThan(150);
        assertThat(missing)
                .as("tests that docs/rules.md names and that do not exist")
                .isEmpty();
    }

    @Test
    void page_namesEveryDecision() throws IOException {
        assertThat(numbers(page("rules.md"))).isEqualTo(numbers(page("decisions.md")));
    }

    private static List<String> numbers(String page) {
        return NUMBERED_ROW.matcher(page).results().map(row -> row.group(1)).toList();
    }

    private static String page(String name) throws IOException {
        return Files.readString(ROOT.resolve("docs").resolve(name));
    }

    /** Returns the test sources of these modules by class name; those of one name, one after the other. */
    static Map<String, String> testSources(List<String> modules) throws IOException {
        Map<String, String> sources = new HashMap<>();
        for (String module : modules) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".java")).toList()) {
                    String name = file.getFileName().toString().replace(".java", "");
                    sources.merge(name, Files.readString(file), String::concat);
                }
            }
        }
        return sources;
    }
}
