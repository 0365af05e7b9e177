package dev.rollcall.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.bench.Main;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One minute of the soak. */
class SoakIT {
    @Test
    void soak_ofOneMinuteBreaksNoPromise() {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        int status = Main.run(List.of("soak", "--seconds", "60"), out, out);
        String report = printed.toString(StandardCharsets.UTF_8);
        assertThat(status).as(report).isZero();
        assertThat(report).contains("every promise was kept").containsPattern("restarts after kill -9 +[1-9]");
    }
}
