package dev.rollcall.engine.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.protocol.Arrival;
import dev.rollcall.protocol.Departure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code docs/events.md} has every cause and every sentence. */
class EventsPageTest {
    @Test
    void page_hasEveryCauseAndSentence() throws IOException {
        String page = Files.readString(Path.of("../docs/events.md"));

        for (Departure cause : Departure.values()) {
            assertThat(page).contains("| `" + cause.word() + "` |");
        }
        for (Arrival cause : Arrival.values()) {
            assertThat(page).contains("| `" + cause.word() + "` |");
        }
        for (Verdict sentence : Verdict.values()) {
            assertThat(page).contains("| " + sentence.template() + " |");
        }
    }
}
