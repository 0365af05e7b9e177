package dev.rollcall.server.emulator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.engine.EngineCounts;
import dev.rollcall.engine.Message;
import dev.rollcall.engine.embedded.roster.Seat;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.server.config.KeysetRegistry;
import dev.rollcall.server.emulator.Emulator;
import dev.rollcall.server.emulator.Kept;
import dev.rollcall.server.emulator.Membership;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What is there: forgotten, put there, or written down. */
final class StateCalls {
    /** The most occupants that are written down in one document. */
    private static final int MOST_OCCUPANTS = 100_000;

    private final Emulator emulator;
    private final KeysetRegistry keysets;

    StateCalls(Emulator emulator, KeysetRegistry keysets) {
        this.emulator = emulator;
        this.keysets = keysets;
    }

    List<Endpoint> endpoints() {
        return List.of(
                new Endpoint("POST", "/reset", this::reset),
                new Endpoint("POST", "/seed", this::seed),
                new Endpoint("GET", "/snapshot", call -> {
                    call.query();
                    return snapshot();
                }),
                new Endpoint("PUT", "/snapshot", this::restore));
    }

    private ObjectNode reset(ApiCall call) {
        Members body = call.body();
        List<String> words = body.texts("keep");
        Set<Kept> kept = EnumSet.noneOf(Kept.class);
        for (String word : words == null ? List.<String>of() : words) {
            switch (word) {
                case "groups" -> kept.add(Kept.GROUPS);
                case "grants" -> kept.add(Kept.GRANTS);
                case "faults" -> kept.add(Kept.FAULTS);
                default -> throw body.wrong("keep", "groups, grants or faults");
            }
        }
        body.end();
        ObjectNode out = ApiCall.JSON.createObjectNode();
        ObjectNode forgotten = out.putObject("forgotten");
        emulator.whileStill(() -> {
            write(forgotten, emulator.engine().counts(), !kept.contains(Kept.GROUPS));
            forgotten.put("events", emulator.timeline().entries().size());
            if (!kept.contains(Kept.FAULTS)) {
                forgotten.put("faults", emulator.faults().all().size());
            }
            emulator.reset(kept);
        });
        return out;
    }

    static void write(ObjectNode out, EngineCounts counts, boolean withGroups) {
        out.put("channels", counts.channels());
        out.put("occupants", counts.occupants());
        out.put("messages", counts.messages());
        out.put("polls", counts.polls());
        if (withGroups) {
            out.put("groups", counts.groups());
        }
    }

    private ObjectNode seed(ApiCall call) {
        call.query();
        return plant(SeedText.parse(call.request.body()), false);
    }

    private ObjectNode restore(ApiCall call) {
        call.query();
        return plant(SeedText.parse(call.request.body()), true);
    }

    /** Puts there what a document says, in place of what is there or beside it. */
    ObjectNode plant(JsonNode document, boolean isInPlace) {
        ObjectNode out = ApiCall.JSON.createObjectNode();
        emulator.whileStill(() -> {
            Seed seed = new SeedReader(keysets, emulator.clock().epochMillis()).read(document);
            if (isInPlace) {
                emulator.reset(EnumSet.of(Kept.GRANTS, Kept.FAULTS));
            }
            seed.plant(emulator);
            out.putObject("seeded")
                    .put("occupants", seed.seats().size())
                    .put("groups", seed.groups().size())
                    .put("messages", seed.messages().size());
        });
        return out;
    }

    private ObjectNode snapshot() {
        ObjectNode out = ApiCall.JSON.createObjectNode();
        long occupants = emulator.engine().counts().occupants();
        if (occupants > MOST_OCCUPANTS) {
            throw new ApiException(409, "snapshot: " + occupants + " occupants", "at most " + MOST_OCCUPANTS);
        }
        emulator.whileStill(() -> write(out));
        return out;
    }

    private void write(ObjectNode out) {
        long now = emulator.clock().epochMillis();
        out.put("version", 1);
        out.put("now", emulator.clock().now().toString());
        ObjectNode byKey = out.putObject("keysets");
        emulator.seats().stream()
                .sorted(Comparator.comparing((Seat seat) -> seat.key().value())
                        .thenComparing(seat -> seat.channel().name())
                        .thenComparing(seat -> seat.user().value()))
                .forEach(seat -> write(
                        list(
                                        byKey,
                                        seat.key().value(),
                                        "channels",
                                        seat.channel().name())
                                .addObject(),
                        seat,
                        now));
        for (Membership group : emulator.memberships()) {
            ArrayNode names =
                    list(byKey, group.key().value(), "groups", group.group().name());
            group.channels().forEach(channel -> names.add(channel.name()));
        }
        emulator.forEachMessage((key, message) -> {
            if (message.type() == MessageType.MESSAGE) {
                write(
                        list(byKey, key.value(), "messages", message.channel().name())
                                .addObject(),
                        message);
            }
        });
    }

    private static ArrayNode list(ObjectNode byKey, String key, String kind, String name) {
        ObjectNode keyset = byKey.get(key) instanceof ObjectNode known ? known : byKey.putObject(key);
        ObjectNode names = keyset.get(kind) instanceof ObjectNode known ? known : keyset.putObject(kind);
        return names.get(name) instanceof ArrayNode known ? known : names.putArray(name);
    }

    private static void write(ObjectNode out, Seat seat, long now) {
        out.put("user", seat.user().value());
        if (seat.state() != null) {
            out.set("state", TimelineJson.json(seat.state().toString()));
        }
        out.put("timeout", seat.timeoutSeconds() + "s");
        long most = seat.timeoutSeconds() * 1000L;
        out.put("left", FaultJson.text(Duration.ofMillis(Math.min(most, seat.leftMillis()))));
        if (seat.sinceMillis() > 0 && seat.sinceMillis() < now) {
            out.put("joined", '-' + FaultJson.text(Duration.ofMillis(now - seat.sinceMillis())));
        }
    }

    private static void write(ObjectNode out, Message message) {
        if (message.publisher() != null) {
            out.put("by", message.publisher().value());
        }
        out.set("data", TimelineJson.json(new String(message.envelope().payload(), StandardCharsets.UTF_8)));
        byte[] meta = message.envelope().meta();
        if (meta != null) {
            out.set("meta", TimelineJson.json(new String(meta, StandardCharsets.UTF_8)));
        }
    }
}
