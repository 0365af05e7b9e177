package dev.rollcall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The example of the README, line by line. */
@RollcallTest
class ReadmeExampleIT {
    @Test
    void whoeverIsSilentForFiveMinutesIsGone(RollcallTestServer server, TestClock clock) {
        server.user("alice").join("lobby");
        clock.advance(Duration.ofMinutes(5));
        server.timeline().expect().join("alice").timeout("alice").inOrder();
        assertThat(server.roster("lobby").occupants()).isEmpty();
    }

    @Test
    void theExampleIsTheOneOfTheReadme() throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/rollcall/testkit/ReadmeExampleIT.java"));
        String readme = Files.readString(Path.of("../README.md"));
        int from = readme.indexOf("@RollcallTest\n");
        List<String> example = readme.substring(from, readme.indexOf("```", from))
                .lines()
                .filter(line -> !line.startsWith("class "))
                .map(String::strip)
                .toList();
        assertThat(example)
                .hasSizeBetween(8, 12)
                .allSatisfy(line -> assertThat(source).contains(line));
    }
}
