package dev.rollcall.server.config;

import static java.util.Objects.requireNonNullElse;

import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.server.http.HttpLimits;
import dev.rollcall.server.http.TrustedProxies;
import dev.rollcall.server.http.TrustedProxies.Header;
import dev.rollcall.server.limit.AnswerLimits;
import dev.rollcall.server.limit.ClientLimitsConfig;
import dev.rollcall.server.operator.AdminPort;
import dev.rollcall.server.operator.AdminPort.Tls;
import dev.rollcall.server.operator.AdminToken;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads how a server protects itself. */
final class ProtectionReader {
    private final Map<Setting, String> values;

    private ProtectionReader(Map<Setting, String> values) {
        this.values = values;
    }

    /** Returns what the values of all settings say. */
    static ProtectionConfig read(Map<Setting, String> values, Map<Setting, String> given) {
        ProtectionReader reader = new ProtectionReader(values);
        return new ProtectionConfig(
                reader.http(),
                clients(values),
                MemorySize.parse(Setting.MEMORY_BUDGET, reader.value(Setting.MEMORY_BUDGET)),
                reader.proxies(),
                reader.admin(),
                given);
    }

    /** Returns the limits of clients and keysets. */
    static ClientLimitsConfig clients(Map<Setting, String> values) {
        ProtectionReader reader = new ProtectionReader(values);
        try {
            return new ClientLimitsConfig(
                    reader.number(Setting.REQUESTS_PER_ADDRESS),
                    reader.number(Setting.REQUESTS_PER_KEY),
                    reader.number(Setting.MAX_POLLS_PER_ADDRESS),
                    reader.number(Setting.MAX_POLLS_PER_KEY),
                    reader.number(Setting.MAX_CONNECTIONS_PER_ADDRESS),
                    reader.number(Setting.MAX_CHANNELS_PER_REQUEST),
                    new AnswerLimits(
                            reader.number(Setting.MAX_EXPANDED_CHANNELS),
                            reader.number(Setting.MAX_LISTED_OCCUPANTS),
                            reader.answerBytes()));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(String.valueOf(e.getMessage()));
        }
    }

    private int answerBytes() {
        int most = number(Setting.MAX_ANSWER_BYTES);
        boolean isDefault = value(Setting.MAX_ANSWER_BYTES).equals(Setting.MAX_ANSWER_BYTES.defaultValue());
        return isDefault ? AnswerLimits.defaultBytes() : most;
    }

    private HttpLimits http() {
        long total = longNumber(Setting.MAX_BUFFERED_BYTES_TOTAL, 0);
        return HttpLimits.builder()
                .maxConnections(atLeast(Setting.MAX_CONNECTIONS, 0))
                .pendingWriteBytes(atLeast(Setting.MAX_BUFFERED_BYTES, 1))
                .totalBufferedBytes(total == 0 ? defaultBufferedBytes() : total)
                .addressBufferedBytes(longNumber(Setting.MAX_BUFFERED_BYTES_PER_ADDRESS, 0))
                .answerBytes(Math.max(HttpLimits.defaultAnswerBytes(), answerBytes()))
                .maxHandshakes(atLeast(Setting.MAX_TLS_HANDSHAKES, 0))
                .maxHandshakesPerAddress(atLeast(Setting.MAX_TLS_HANDSHAKES_PER_ADDRESS, 0))
                .requestTimeout(duration(Setting.REQUEST_TIMEOUT))
                .idleTimeout(duration(Setting.IDLE_TIMEOUT))
                .writeTimeout(duration(Setting.WRITE_TIMEOUT))
                .build();
    }

    /** A fifth of the heap, within what buffers may have of the budget. */
    private long defaultBufferedBytes() {
        long budget = MemorySize.parse(Setting.MEMORY_BUDGET, value(Setting.MEMORY_BUDGET));
        return Math.max(
                1, Math.min(HttpLimits.defaultTotalBufferedBytes(), budget / 100 * MemoryKind.BUFFERS.percent()));
    }

    private TrustedProxies proxies() {
        String name = value(Setting.FORWARDED_HEADER);
        for (Header header : Header.values()) {
            if (header.label().equalsIgnoreCase(name)) {
                try {
                    return TrustedProxies.parse(value(Setting.TRUSTED_PROXIES), header);
                } catch (IllegalArgumentException e) {
                    throw new ConfigException(Setting.TRUSTED_PROXIES.key() + ": " + e.getMessage());
                }
            }
        }
        throw ConfigReader.wrong(Setting.FORWARDED_HEADER, name, "x-forwarded-for or forwarded");
    }

    private AdminPort admin() {
        AdminToken token = token(Setting.ADMIN_TOKEN);
        AdminToken metricsToken = token(Setting.METRICS_TOKEN);
        if (token != null && metricsToken != null && token.isSame(metricsToken)) {
            throw new ConfigException(Setting.METRICS_TOKEN.key() + ": the same as " + Setting.ADMIN_TOKEN.key()
                    + " (expected: another one, for whoever reads the metrics should not be able to kick)");
        }
        return new AdminPort(
                token,
                metricsToken,
                value(Setting.ADMIN_HOSTS),
                ConfigReader.choice(values, Setting.ADMIN_TLS, Tls.class),
                ConfigReader.isOn(values, Setting.ADMIN_API),
                ConfigReader.isOn(values, Setting.CONSOLE));
    }

    private @Nullable AdminToken token(Setting setting) {
        String token = value(setting);
        if (token.isEmpty()) {
            return null;
        }
        try {
            return AdminToken.of(setting.key(), token);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(String.valueOf(e.getMessage()));
        }
    }

    private int atLeast(Setting setting, int least) {
        int number = number(setting);
        if (number < least) {
            throw ConfigReader.wrong(setting, Integer.toString(number), ">= " + least);
        }
        return number;
    }

    private int number(Setting setting) {
        return ConfigReader.number(values, setting);
    }

    private long longNumber(Setting setting, long least) {
        String text = value(setting);
        Long number = WholeNumber.parseLong(text);
        if (number != null && number >= least) {
            return number;
        }
        throw ConfigReader.wrong(setting, text, "a whole number >= " + least);
    }

    private Duration duration(Setting setting) {
        String text = value(setting);
        Duration duration = Durations.parse(text);
        if (duration == null || duration.isZero()) {
            throw ConfigReader.wrong(setting, text, "a duration such as 500ms, 10s or 5m");
        }
        return duration;
    }

    private String value(Setting setting) {
        return requireNonNullElse(values.get(setting), setting.defaultValue());
    }
}
