package dev.rollcall.server.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.embedded.EmbeddedEngine;
import dev.rollcall.server.store.SnapshotFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The commands about files, as they are called. */
class ToolsTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    private int run(String... words) {
        out.reset();
        err.reset();
        CommandSpec rollcall = CommandSpec.create().name("rollcall");
        Tools.addTo(rollcall);
        return Tools.run(
                new CommandLine(rollcall).parseArgs(words).subcommand(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private Path config(String text) throws IOException {
        return Files.writeString(folder.resolve("rollcall.yaml"), text);
    }

    @Test
    void configCheck_tellsOfAllThatIsWrongWithLines() throws IOException {
        Path file = config("port: 99999\nhots: x\n");
        assertThat(run("config", "check", file.toString())).isEqualTo(2);
        assertThat(err().lines()).hasSize(2).allMatch(line -> line.startsWith("rollcall: " + file + ":"));
        assertThat(err()).contains(":1: port", ":2: hots", "did you mean host?");
        assertThat(run("config", "check", file.toString(), "--json")).isEqualTo(2);
        assertThat(out()).contains("\"line\":1,\"message\":\"port: 99999").hasLineCount(2);
        assertThat(run("config", "check", config("port: 9000\n").toString())).isZero();
        assertThat(run("config", "check", "/nonexistent")).isEqualTo(2);
    }

    @Test
    void configPrint_ofDefaultsIsAFileThatIsRight() throws IOException {
        assertThat(run("config", "print", "--defaults")).isZero();
        assertThat(run("config", "check", config(out()).toString())).as(err()).isZero();
        assertThat(run("config", "print", "--env")).isZero();
        assertThat(out()).contains("ROLLCALL_PORT=8090");
        assertThat(run("config", "print")).isEqualTo(2);
    }

    @Test
    void configPrint_tellsWhatHoldsAndFromWhereButNoSecret() throws IOException {
        Path file = config("port: 9000\nadmin-token: 0123456789abcdef0123456789abcdef\n");
        assertThat(run("config", "print", "--effective", "--config", file.toString(), "--host", "127.0.0.2"))
                .isZero();
        assertThat(out())
                .contains("port: 9000  # " + file, "host: 127.0.0.2  # flag", "admin-port: 8091  # default", "(set)")
                .doesNotContain("0123456789abcdef");
    }

    @Test
    void configExplain_knowsEverySettingOfBothKinds() {
        assertThat(run("config", "explain", "port")).isZero();
        assertThat(out()).contains("default      8090", "ROLLCALL_PORT", "--port PORT");
        assertThat(run("config", "explain", "announce-max")).isZero();
        assertThat(run("config", "explain", "prot")).isEqualTo(2);
        assertThat(err()).contains("did you mean port?");
    }

    @Test
    void ruleTest_tellsWhichRuleAndEndsWithTheAnswer() throws IOException {
        String file = config("""
                keysets:
                  - subscribe-key: demo
                    presence:
                      rules:
                        - pattern: chat-*
                """).toString();
        assertThat(run("rule", "test", "chat-1", "--config", file)).isZero();
        assertThat(out()).contains("Tracked: rule 1 is the first that matches.", "chat-*");
        assertThat(run("rule", "test", "attic", "--config", file, "--json")).isEqualTo(3);
        assertThat(out()).contains("\"tracked\":false", "no rule of the keyset matches");
        assertThat(run("rule", "test", "attic", "--config", file, "--key", "other"))
                .isEqualTo(2);
        assertThat(err()).contains("expected: one of demo");
        assertThat(run("rule", "test", "attic")).isZero();
    }

    @Test
    void snapshot_isReadAsItIsAndLeftAsItIs() throws IOException {
        Path file = folder.resolve(SnapshotFile.PRESENCE);
        EmbeddedEngine engine =
                new EmbeddedEngine(key -> KeysetSettings.DEFAULT, EngineTime.system(), new EngineListener() {});
        new SnapshotFile(file).write(to -> engine.writeSnapshot(to, Duration.ZERO));
        engine.close();
        byte[] before = Files.readAllBytes(file);
        assertThat(run("snapshot", "verify", folder.toString())).isZero();
        assertThat(run("snapshot", "info", file.toString(), "--json")).isZero();
        assertThat(out()).contains("\"occupants\":0");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        before[before.length / 2] ^= 1;
        Files.write(file, before);
        assertThat(run("snapshot", "verify", file.toString())).isEqualTo(1);
        assertThat(err()).contains("checksum");
        assertThat(run("snapshot", "verify", folder.resolve("none").toString())).isEqualTo(2);
    }
}
