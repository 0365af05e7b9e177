package dev.rollcall.engine.redis;

import dev.rollcall.engine.redis.link.Lane;
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
    RENEW(ScriptOutputType.INTEGER, Lane.REQUESTS, "allow-oom"),
    RENEWALS(ScriptOutputType.MULTI, Lane.REQUESTS, "allow-oom"),
    PRESENT(ScriptOutputType.MULTI, Lane.REQUESTS, "", true),
    RETURN(ScriptOutputType.MULTI, Lane.REQUESTS, "allow-oom", true),
    LEAVE(ScriptOutputType.MULTI, Lane.REQUESTS, "allow-oom", true),
    /** A leave that somebody else wants: it is carried out where clients' requests fill their lane. */
    EXPEL(ScriptOutputType.MULTI, Lane.UPKEEP, "allow-oom", true),
    DISCONNECT(ScriptOutputType.MULTI, Lane.REQUESTS, "allow-oom", true),
    STATE(ScriptOutputType.MULTI, Lane.REQUESTS, "", true),
    EXPIRE(ScriptOutputType.MULTI, Lane.UPKEEP, "allow-oom", true),
    INTERVAL(ScriptOutputType.INTEGER, Lane.UPKEEP, "allow-oom", true),
    DROP(ScriptOutputType.MULTI, Lane.UPKEEP, "allow-oom", true),
    PAGE(ScriptOutputType.MULTI, Lane.BULK, "no-writes"),
    OCCUPANCIES(ScriptOutputType.MULTI, Lane.BULK, "no-writes"),
    PUBLISH(ScriptOutputType.VALUE, Lane.REQUESTS, ""),
    FOLLOW(ScriptOutputType.MULTI, Lane.BULK, "allow-oom"),
    /** Follows a wildcard that nobody may have wished for before. */
    RECORD(ScriptOutputType.MULTI, Lane.BULK, ""),
    WISH(ScriptOutputType.INTEGER, Lane.UPKEEP, "allow-oom"),
    FENCE(ScriptOutputType.VALUE, Lane.UPKEEP, "allow-oom"),
    SWEEP(ScriptOutputType.MULTI, Lane.UPKEEP, "allow-oom"),
    INDEX(ScriptOutputType.INTEGER, Lane.UPKEEP, "allow-oom"),
    INDEXED(ScriptOutputType.INTEGER, Lane.UPKEEP, "allow-oom"),
    GROUP(ScriptOutputType.INTEGER, Lane.REQUESTS, ""),
    GROUPED(ScriptOutputType.INTEGER, Lane.UPKEEP, ""),
    COUNTS(ScriptOutputType.MULTI, Lane.UPKEEP, "no-writes"),
    PROBE(ScriptOutputType.MULTI, Lane.UPKEEP, "allow-oom"),
    KEEP(ScriptOutputType.MULTI, Lane.REQUESTS, ""),
    KEPT(ScriptOutputType.MULTI, Lane.BULK, "no-writes"),
    KICK(ScriptOutputType.MULTI, Lane.REQUESTS, "allow-oom"),
    NODES(ScriptOutputType.MULTI, Lane.UPKEEP, "allow-oom"),
    EXPLAIN(ScriptOutputType.MULTI, Lane.BULK, "no-writes", true);

    private final ScriptOutputType output;
    private final Lane lane;
    private final String text;
    private final String sha;

    Script(ScriptOutputType output, Lane lane, String flags) {
        this(output, lane, flags, false);
    }

    /**
     * Makes a script.
     *
     * @param flags what Redis may run it for: {@code allow-oom} even where its memory is full, {@code no-writes} for it only reads
     */
    Script(ScriptOutputType output, Lane lane, String flags, boolean ofChannel) {
        this.output = output;
        this.lane = lane;
        String file = switch (name()) {
            case "RETURN" -> "present";
            case "RECORD" -> "follow";
            case "EXPEL" -> "leave";
            default -> label();
        };
        text = "#!lua" + (flags.isEmpty() ? "" : " flags=" + flags) + '\n' + read("common")
                + (ofChannel || file.equals("publish") ? read("sizes") : "")
                + (ofChannel ? read("channel") : "")
                + read(file);
        sha = sha(text);
    }

    /** Returns whether it is called again and again, and mostly changes nothing. */
    boolean isLook() {
        return this == FENCE || this == SWEEP || this == COUNTS || this == KICK || this == NODES;
    }

    Lane lane() {
        return lane;
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
