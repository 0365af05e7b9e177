package dev.rollcall.engine.redis;

import io.lettuce.core.ScriptOutputType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** The scripts, each a file of this name with what stands before it. What their keys and arguments mean is written at their top. */
enum Script {
    RENEW(ScriptOutputType.INTEGER, false),
    PRESENT(ScriptOutputType.MULTI, true),
    LEAVE(ScriptOutputType.MULTI, true),
    DISCONNECT(ScriptOutputType.MULTI, true),
    STATE(ScriptOutputType.MULTI, true),
    EXPIRE(ScriptOutputType.MULTI, true),
    INTERVAL(ScriptOutputType.INTEGER, true),
    DROP(ScriptOutputType.INTEGER, true),
    PAGE(ScriptOutputType.MULTI, false),
    PUBLISH(ScriptOutputType.VALUE, false),
    FOLLOW(ScriptOutputType.MULTI, false),
    FENCE(ScriptOutputType.VALUE, false),
    SWEEP(ScriptOutputType.MULTI, false),
    INDEX(ScriptOutputType.INTEGER, false),
    INDEXED(ScriptOutputType.INTEGER, false),
    GROUP(ScriptOutputType.INTEGER, false),
    COUNTS(ScriptOutputType.MULTI, false),
    KEEP(ScriptOutputType.MULTI, false),
    KEPT(ScriptOutputType.MULTI, false);

    private final ScriptOutputType output;
    private final String text;
    private final String sha;

    Script(ScriptOutputType output, boolean ofChannel) {
        this.output = output;
        text = read("common") + (ofChannel ? read("channel") : "") + read(label());
        sha = sha(text);
    }

    /** Returns the name under which it is measured. */
    final String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    ScriptOutputType output() {
        return output;
    }

    String text() {
        return text;
    }

    String sha() {
        return sha;
    }

    private static String read(String name) {
        try (InputStream in = Script.class.getResourceAsStream(name + ".lua")) {
            if (in == null) {
                throw new IllegalStateException("script: " + name + " (expected: " + name + ".lua beside this class)");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
