package dev.rollcall.server.emulator.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.server.access.Operation;
import dev.rollcall.server.emulator.fault.ActiveFault;
import dev.rollcall.server.emulator.fault.Fault;
import dev.rollcall.server.emulator.fault.FaultBounds;
import dev.rollcall.server.emulator.fault.FaultEffect;
import dev.rollcall.server.emulator.fault.FaultEffect.Close.How;
import dev.rollcall.server.emulator.fault.FaultMatch;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Faults as JSON. */
final class FaultJson {
    private static final String TYPES =
            "delay, status, lose-answer, lose-request, close, slow, garble, duplicate or stale-timetoken";

    private FaultJson() {}

    /** Reads all of a fault but its id. */
    static Fault read(Members fault) {
        Members match = fault.object("match");
        FaultMatch matched = match(match);
        match.end();
        FaultBounds bounds = new FaultBounds(
                fault.number("times", FaultBounds.ALWAYS, 1, Integer.MAX_VALUE),
                fault.number("after", 0, 0, Integer.MAX_VALUE),
                fault.duration("for", false),
                fault.decimal("probability", 1),
                fault.wholeNumber("seed"));
        if (!fault.has("effect")) {
            throw fault.wrong("effect", "an object with a type: " + TYPES);
        }
        Members effect = fault.object("effect");
        FaultEffect read = effect(effect);
        effect.end();
        return new Fault(matched, bounds, read);
    }

    private static FaultMatch match(Members match) {
        String path = match.text("path");
        return new FaultMatch(
                operations(match),
                match.text("method"),
                path == null ? null : FaultMatch.pattern(path),
                match.text("user"),
                match.text("channel"),
                match.text("keyset"));
    }

    private static Set<Operation> operations(Members match) {
        List<String> labels = match.texts("operation");
        EnumSet<Operation> operations = EnumSet.noneOf(Operation.class);
        if (labels == null) {
            return operations;
        }
        if (labels.isEmpty()) {
            throw match.wrong("operation", "at least one, or left out for all");
        }
        for (String label : labels) {
            operations.add(Arrays.stream(Operation.values())
                    .filter(one -> one.label().equals(label))
                    .findFirst()
                    .orElseThrow(() -> match.wrong(
                            "operation",
                            String.join(
                                    ", ",
                                    Arrays.stream(Operation.values())
                                            .map(Operation::label)
                                            .toList()))));
        }
        return operations;
    }

    private static FaultEffect effect(Members effect) {
        return switch (effect.requiredText("type", TYPES)) {
            case "delay" -> {
                Duration by = effect.duration("by", false);
                if (by == null) {
                    throw effect.wrong("by", "a duration such as 2s");
                }
                Duration jitter = effect.duration("jitter", false);
                yield new FaultEffect.Delay(by, jitter == null ? Duration.ZERO : jitter);
            }
            case "status" -> {
                int status = effect.number("status", 0, 400, 599);
                if (status == 0) {
                    throw effect.wrong("status", "400..599");
                }
                Integer retryAfter = effect.has("retryAfter") ? effect.number("retryAfter", 0, 0, 86_400) : null;
                yield new FaultEffect.Status(status, effect.text("body"), retryAfter);
            }
            case "lose-answer" -> new FaultEffect.LoseAnswer();
            case "lose-request" -> new FaultEffect.LoseRequest();
            case "close" -> new FaultEffect.Close(how(effect), effect.number("afterBytes", 0, 0, Integer.MAX_VALUE));
            case "slow" -> {
                int rate = effect.number("bytesPerSecond", 0, 1, Integer.MAX_VALUE);
                if (rate == 0) {
                    throw effect.wrong("bytesPerSecond", "1 or more");
                }
                yield new FaultEffect.Slow(rate);
            }
            case "garble" -> new FaultEffect.Garble();
            case "duplicate" -> new FaultEffect.Duplicate();
            case "stale-timetoken" -> {
                Duration by = effect.duration("by", true);
                if (by == null) {
                    throw effect.wrong("by", "how much older, such as -10s");
                }
                yield new FaultEffect.StaleTimetoken(by.abs());
            }
            default -> throw effect.wrong("type", TYPES);
        };
    }

    /** Reads how a connection is to end; in order where that is not said. */
    static How how(Members members) {
        String word = members.text("how");
        if (word == null || word.equals(How.FIN.word())) {
            return How.FIN;
        }
        if (word.equals(How.RST.word())) {
            return How.RST;
        }
        throw members.wrong("how", "fin or rst");
    }

    /** Writes a fault as it was given, with its id and how often it has happened. */
    static void write(ObjectNode out, ActiveFault active) {
        Fault fault = active.fault();
        out.put("id", active.id()).put("hits", active.hits());
        ObjectNode match = out.putObject("match");
        FaultMatch matched = fault.match();
        if (!matched.operations().isEmpty()) {
            ArrayNode labels = match.putArray("operation");
            matched.operations().stream().map(Operation::label).sorted().forEach(labels::add);
        }
        put(match, "method", matched.method());
        put(match, "path", matched.path() == null ? null : matched.path().pattern());
        put(match, "user", matched.user());
        put(match, "channel", matched.channel());
        put(match, "keyset", matched.keyset());
        FaultBounds bounds = fault.bounds();
        if (bounds.times() != FaultBounds.ALWAYS) {
            out.put("times", bounds.times());
        }
        if (bounds.after() > 0) {
            out.put("after", bounds.after());
        }
        Duration length = bounds.length();
        put(out, "for", length == null ? null : text(length));
        if (bounds.probability() < 1) {
            out.put("probability", bounds.probability());
        }
        if (bounds.seed() != null) {
            out.put("seed", bounds.seed());
        }
        write(out.putObject("effect"), fault.effect());
    }

    private static void write(ObjectNode out, FaultEffect effect) {
        out.put("type", effect.type());
        if (effect instanceof FaultEffect.Delay delay) {
            out.put("by", text(delay.by()));
            put(out, "jitter", delay.jitter().isZero() ? null : text(delay.jitter()));
        } else if (effect instanceof FaultEffect.Status status) {
            out.put("status", status.status());
            put(out, "body", status.body());
            if (status.retryAfter() != null) {
                out.put("retryAfter", status.retryAfter());
            }
        } else if (effect instanceof FaultEffect.Close close) {
            out.put("how", close.how().word()).put("afterBytes", close.afterBytes());
        } else if (effect instanceof FaultEffect.Slow slow) {
            out.put("bytesPerSecond", slow.bytesPerSecond());
        } else if (effect instanceof FaultEffect.StaleTimetoken stale) {
            out.put("by", '-' + text(stale.by()));
        }
    }

    private static void put(ObjectNode out, String name, @Nullable String value) {
        if (value != null) {
            out.put(name, value);
        }
    }

    /** Returns the text that stands for a duration: whole seconds, or milliseconds. */
    static String text(Duration duration) {
        long millis = duration.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }
}
