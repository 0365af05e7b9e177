package dev.rollcall.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/configuration.md} to what the code says. With {@code -Dupdate-docs} it writes the page anew. */
class ConfigurationPageTest {
    private static final Path PAGE = Path.of(System.getProperty("basedir", "."))
            .resolve("../docs/configuration.md")
            .normalize();

    @Test
    void page_saysWhatTheCodeSays() throws IOException {
        String page = page();
        if (System.getProperty("update-docs") != null) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).as("write it with -Dupdate-docs").exists();
        assertThat(Files.readString(PAGE))
                .as("write it anew with -Dupdate-docs")
                .isEqualTo(page);
    }

    private static String page() {
        StringBuilder out = new StringBuilder("""
                # Configuration

                A test makes this page of the code. Write it anew with
                `./mvnw test -pl server -am -Dtest=ConfigurationPageTest -Dsurefire.failIfNoSpecifiedTests=false -Dupdate-docs`.

                Every setting has one name: as a key of the file, as a flag of `./rollcall serve`, and as an environment variable.
                Where it is given more than once, the flag counts before the environment, and the environment before the file. A key
                the server does not know is an error.

                ## The server

                | key | flag | environment | default | meaning |
                |---|---|---|---|---|
                """);
        for (Setting setting : Setting.values()) {
            String key = setting == Setting.CONFIG ? "" : code(setting.key());
            row(
                    out,
                    key,
                    code(setting.flag() + " " + setting.valueName()),
                    code(setting.variable()),
                    code(setting.defaultValue()),
                    setting.meaning());
        }
        out.append("""

                Durations are `250ms`, `10s`, `5m`, `1h`, or a bare number of seconds.

                ## Keysets

                `keysets` is a list; it stands in the file only. Without it the server runs in development mode: any well-formed subscribe
                and publish key works, each its own keyset, with the defaults below and without access control. With it only the keysets
                of the list exist.

                | key | default | meaning |
                |---|---|---|
                | `subscribe-key` | | The key that names the keyset: up to 128 letters, digits or `- _ . ~`. |
                | `publish-key` | | The key that lets publish. Without it nobody may publish; presence does not need it. |
                | `access-manager` | `off` | Whether requests need a right, see [access.md](access.md). |
                | `secret-key` | | The key that requests are signed with and tokens are made with: at least 16 characters. Needed with `access-manager: on`. |
                | `max-message` | | The largest message in bytes, `64` to `2097152`. Without it `32768` on `/publish` and `2097152` on `/v2/publish`. |
                | `presence` | | The settings below. |

                ### presence

                | key | default | meaning |
                |---|---|---|
                """);
        for (KeysetSetting setting : KeysetSetting.values()) {
            row(out, code(setting.key()), code(setting.defaultValue()), setting.meaning());
        }
        List<String> ruleKeys = KeysetReader.ruleKeys();
        out.append(
                "\n### rules\n\nEach rule has a `pattern`, a channel name in which `*` stands for any characters, and a switch for each"
                        + " kind of event, on where it is left out: `"
                        + String.join("`, `", ruleKeys.subList(1, ruleKeys.size()))
                        + "`.\nA rule with all of them off says that a channel is not tracked.\n");
        out.append("""

                ## An example

                ```yaml
                host: 0.0.0.0
                port: 8090
                keysets:
                  - subscribe-key: sub-chat
                    publish-key: pub-chat
                    presence:
                      announce-max: 50
                      interval: 15s
                      deltas: true
                      rules:
                        - pattern: internal-*
                          join: false
                          leave: false
                          timeout: false
                          state-change: false
                          interval: false
                        - pattern: "*"
                ```

                The keysets, and the limits of clients (`requests-…`, `max-polls-…`, `max-connections-per-address`,
                `max-channels-per-request`), are read again when the file changes, and on SIGHUP, as the certificate and
                its key are when theirs change; everything else takes a restart. A file that is wrong changes nothing and is complained of in the log.
                """);
        return out.toString();
    }

    private static String code(String text) {
        return text.isEmpty() ? "" : '`' + text + '`';
    }

    private static void row(StringBuilder out, String... cells) {
        for (String cell : cells) {
            out.append(cell.isEmpty() ? "| " : "| " + cell + ' ');
        }
        out.append("|\n");
    }
}
