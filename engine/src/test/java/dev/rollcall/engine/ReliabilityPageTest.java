package dev.rollcall.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code docs/reliability.md} and {@code SECURITY.md} name tests that exist, the former at least one for every fault but those of Redis. */
class ReliabilityPageTest {
    private static final Pattern NAMED_TEST = Pattern.compile("`(\\w+(?:Test|IT|Contract))(?:#(\\w+))?`");
    private static final Pattern FAULT = Pattern.compile("(?m)^\\| ([^|]+) \\| [^|]+ \\|(.*)\\|$");

    private static String page() throws IOException {
        return Files.readString(RulesPageTest.ROOT.resolve("docs").resolve("reliability.md"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"docs/reliability.md", "SECURITY.md"})
    void page_namesTestsThatExist(String page) throws IOException {
        Map<String, String> sources = RulesPageTest.testSources(List.of(
                "protocol",
                "engine",
                "engine-redis",
                "server",
                "bench",
                Path.of("sdk-tests", "java-13").toString()));
        List<String> missing = new ArrayList<>();
        int named = 0;
        for (Matcher test = NAMED_TEST.matcher(Files.readString(RulesPageTest.ROOT.resolve(page)));
                test.find();
                named++) {
            String source = sources.getOrDefault(test.group(1), "");
            String wanted = test.group(2) == null ? "class " + test.group(1) : " " + test.group(2) + "(";
            if (!source.contains(wanted)) {
                missing.add(test.group());
            }
        }
        assertThat(named).isGreaterThan(25);
        assertThat(missing)
                .as("tests that %s names and that do not exist", page)
                .isEmpty();
    }

    @Test
    void page_namesATestForEveryFault() throws IOException {
        List<String> faults = new ArrayList<>();
        List<String> untested = new ArrayList<>();
        for (Matcher row = FAULT.matcher(page()); row.find(); ) {
            String fault = row.group(1);
            if (fault.equals("fault") || fault.startsWith("Redis")) {
                continue;
            }
            faults.add(fault);
            if (!NAMED_TEST.matcher(row.group(2)).find()) {
                untested.add(fault);
            }
        }
        assertThat(faults).hasSizeGreaterThan(12);
        assertThat(untested).isEmpty();
    }
}
