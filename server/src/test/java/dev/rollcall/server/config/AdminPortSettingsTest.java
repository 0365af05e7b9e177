package dev.rollcall.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.server.http.TlsFiles;
import dev.rollcall.server.log.LogConfig;
import dev.rollcall.server.operator.AdminPort;
import dev.rollcall.server.operator.AdminToken;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings of the admin port: what starts, what does not, and what is said then. */
class AdminPortSettingsTest {
    private static final String TOKEN = "admin-token: a-token-of-operators\n";

    private static List<String> problems(String yaml) {
        return ConfigReader.check("rollcall.yaml", yaml.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "10.0.0.1", "::", "2001:db8::1"})
    void beyondLoopback_withoutAToken_nothingStarts_andTheLineIsNamed(String host) {
        assertThat(problems("port: 1\nadmin-host: \"" + host + "\"\n"))
                .singleElement()
                .asString()
                .startsWith("rollcall.yaml:2: admin-host: " + host)
                .contains("admin-token", "admin-api: off");
    }

    @Test
    void beyondLoopback_aTokenIsNotSentAsPlainText_unlessAProxyEncrypts() {
        assertThat(problems(TOKEN + "admin-host: 0.0.0.0\n"))
                .singleElement()
                .asString()
                .startsWith("rollcall.yaml:2: admin-host: 0.0.0.0")
                .contains("admin-tls: on or proxy", "plain text");
        assertThat(problems(TOKEN + "admin-host: 0.0.0.0\nadmin-tls: proxy\n")).isEmpty();
        assertThat(problems(TOKEN + "admin-host: 0.0.0.0\nadmin-tls: on\n")).hasSize(1);
        TlsFiles files = new TlsFiles(Path.of("c.pem"), Path.of("k.pem"));
        AdminPort port = AdminPort.DEFAULT.withToken(AdminToken.of("a-token-of-operators"));
        RollcallConfig config = RollcallConfig.development()
                .withTls(files)
                .withProtection(ProtectionConfig.DEFAULT.withAdmin(
                        new AdminPort(port.token(), null, "", AdminPort.Tls.ON, true, true)));
        assertThat(config.withAdminHost("0.0.0.0").adminHost()).isEqualTo("0.0.0.0");
        assertThatThrownBy(() -> RollcallConfig.development().withAdminHost("0.0.0.0"))
                .isInstanceOf(ConfigException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "::1", "localhost"})
    void onLoopback_nothingIsNeeded(String host) {
        assertThat(problems("admin-host: \"" + host + "\"\n")).isEmpty();
    }

    @Test
    void withoutTheApi_thePortIsAsItAlwaysWas() {
        assertThat(problems("admin-host: 0.0.0.0\nadmin-api: off\n")).isEmpty();
        assertThat(problems(TOKEN + "admin-host: 0.0.0.0\nadmin-api: off\n")).isEmpty();
    }

    @Test
    void tokens_areNeitherShortNorTheSame() {
        assertThat(problems("metrics-token: short\n"))
                .singleElement()
                .asString()
                .contains("metrics-token", "at least 16")
                .doesNotContain("short (");
        assertThat(problems(TOKEN + "metrics-token: a-token-of-operators\n"))
                .singleElement()
                .asString()
                .startsWith("rollcall.yaml:2: metrics-token")
                .contains("another one");
        assertThat(problems(TOKEN + "metrics-token: a-token-of-the-scraper\n")).isEmpty();
    }

    @Test
    void words_areThoseThatThereAre() {
        assertThat(problems("admin-tls: yes\n")).singleElement().asString().contains("off or on or proxy");
        assertThat(problems("admin-api: maybe\n")).singleElement().asString().contains("on or off");
        assertThat(problems("log-format: xml\n")).singleElement().asString().contains("text or json");
        assertThat(problems("log-level: loud\n"))
                .singleElement()
                .asString()
                .contains("error, warn, info, debug, trace");
        assertThat(problems("log-level: info,x=loud\n")).hasSize(1);
        assertThat(problems("log-level: info,x=debug,x=info\n")).hasSize(1);
        assertThat(problems("log-level: info,x=debug\nlog-format: json\nrequest-log: on\n"))
                .isEmpty();
        assertThat(LogConfig.levels("warn, dev.rollcall.server.access = DEBUG"))
                .isEqualTo(Map.of("dev.rollcall", "warn", "dev.rollcall.server.access", "debug"));
    }
}
