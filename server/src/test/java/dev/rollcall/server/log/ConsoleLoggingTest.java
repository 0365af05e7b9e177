package dev.rollcall.server.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsoleLoggingTest {
    private static List<String> lines(String message, Throwable thrown) {
        PrintStream before = System.err;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setErr(new PrintStream(out, true, UTF_8));
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        try {
            new ConsoleLogging().configure(context);
            context.getLogger("dev.rollcall.test").error(message, thrown);
        } finally {
            context.stop();
            System.setErr(before);
        }
        return out.toString(UTF_8).lines().toList();
    }

    @Test
    void message_isOneLineWhateverStandsInIt() {
        List<String> lines = lines("name=a\n2026-01-01 INFO forged\u0085\u202e", null);
        assertThat(lines).hasSize(1);
        assertThat(lines.get(0)).contains("ERROR name=a\\u000a2026-01-01 INFO forged\\u0085\\u202e");
    }

    @Test
    void exception_hasItsMessageInOneLineAndABoundedStack() {
        RuntimeException deep = new IllegalStateException("a\nb", new IllegalArgumentException("c\u2028d"));
        StackTraceElement[] stack = new StackTraceElement[10_000];
        Arrays.setAll(stack, i -> new StackTraceElement("C", "m", "C.java", i));
        deep.setStackTrace(stack);
        List<String> lines = lines("failed", deep);
        assertThat(lines)
                .hasSizeLessThan(150)
                .contains("java.lang.IllegalStateException: a\\u000ab", "\t... 9960 more")
                .contains("Caused by: java.lang.IllegalArgumentException: c\\u2028d");
    }
}
