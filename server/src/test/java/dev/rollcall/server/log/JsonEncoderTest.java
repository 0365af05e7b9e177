package dev.rollcall.server.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class JsonEncoderTest {
    private final LoggerContext context = new LoggerContext();

    private JsonNode encoded(String template, Throwable thrown, Object... values) throws IOException {
        LoggingEvent event =
                new LoggingEvent("", context.getLogger("dev.rollcall.test"), Level.WARN, template, thrown, values);
        String line = new String(new JsonEncoder().encode(event), UTF_8);
        assertThat(line).endsWith("}\n");
        assertThat(line.lines()).hasSize(1);
        return new ObjectMapper().readTree(line);
    }

    @Test
    void event_isAnObjectInOneLine() throws IOException {
        JsonNode json = encoded("listening host={} port={}", null, "127.0.0.1", 8090);
        assertThat(json.path("level").asText()).isEqualTo("WARN");
        assertThat(json.path("logger").asText()).isEqualTo("dev.rollcall.test");
        assertThat(json.path("message").asText()).isEqualTo("listening host=127.0.0.1 port=8090");
        assertThat(json.path("fields").path("host").asText()).isEqualTo("127.0.0.1");
        assertThat(json.path("fields").path("port").asText()).isEqualTo("8090");
        assertThat(json.path("time").asText()).endsWith("Z");
        assertThat(json.has("error")).isFalse();
    }

    /** What is filled in is not looked at: a name that a client chose makes no field, and no line, of its own. */
    @Test
    void names_forgeNothing() throws IOException {
        JsonNode json = encoded("kick user={} reason=\"{}\"", null, "a level=ERROR\n{\"x\":1}\u202e", "b=\"c\"");
        assertThat(json.path("fields").size()).isEqualTo(2);
        assertThat(json.path("fields").path("user").asText()).isEqualTo("a level=ERROR\\u000a{\"x\":1}\\u202e");
        assertThat(json.path("fields").path("reason").asText()).isEqualTo("b=\"c\"");
    }

    @Test
    void exception_isPartOfTheObject() throws IOException {
        JsonNode json = encoded("failed", new IllegalStateException("a\nb"));
        assertThat(json.path("error").asText()).startsWith("java.lang.IllegalStateException: a\\u000ab");
        assertThat(json.has("fields")).isFalse();
    }
}
