package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.daemon.FatalErrors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A heap that is full to the last byte ends the process wherever it is noticed, with a status and a line that say so. */
class FatalErrorsIT {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "event-loop, the heap is exhausted",
        "event-loop-internal, internal error",
        "daemon, the heap is exhausted",
        "thread, the heap is exhausted",
        "stop, the heap is exhausted"
    })
    void process_endsWithAStatusAndOneLine(String place, String reason) throws Exception {
        Path out = folder.resolve("out");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx24m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DyingProcess.class.getName(),
                        place)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(out)).isEqualTo(FatalErrors.STATUS);
            assertThat(Files.readString(out).lines().filter(line -> line.startsWith("rollcall: ")))
                    .singleElement()
                    .asString()
                    .contains("ending with status 3", reason);
        } finally {
            process.destroyForcibly();
        }
    }
}
