package dev.rollcall.server.admin;

import dev.rollcall.engine.EngineCounts;
import dev.rollcall.engine.directory.NodeView;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.server.metrics.BuildInfo;
import dev.rollcall.server.metrics.Totals;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** How the server is: now, of late, and on which nodes. */
final class OverviewRoutes {
    private static final double NEARLY_FULL = 0.9;
    private static final double BEHIND_SECONDS = 1;

    private static final Shape.Member RATES = Shape.object(
            "perSecond",
            "What happened, a second, in the last second.",
            Shape.decimal("joins", "Users who joined."),
            Shape.decimal("leaves", "Users who left, for whatever cause but a timeout."),
            Shape.decimal("timeouts", "Users who timed out."),
            Shape.decimal("requests", "Requests answered."),
            Shape.decimal("deliveries", "Subscribes answered."),
            Shape.decimal("refused", "Requests refused: answered with a status of 400 or more."));

    private final AdminParts parts;
    private final Samples samples;
    private final EventRoutes events;
    private volatile @Nullable ClientPort clients;
    private volatile @Nullable String emulator;

    /** Where clients are served. */
    private record ClientPort(String scheme, int port) {}

    OverviewRoutes(AdminParts parts, Samples samples, EventRoutes events) {
        this.parts = parts;
        this.samples = samples;
        this.events = events;
    }

    /** Says where clients are served. */
    void clientsAt(String scheme, int port) {
        clients = new ClientPort(scheme, port);
    }

    /** Says where the clock of an emulator is moved. */
    void emulatorAt(String prefix) {
        emulator = prefix;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/overview", "How the server is now.", overviewShape(), call -> AdminApi.done(overview())),
                Endpoint.get(
                        "/samples",
                        "How it was each second of the last quarter of an hour.",
                        samplesShape(),
                        call -> AdminApi.done(samples(call.number("since"))),
                        Parameter.number(
                                "since",
                                0,
                                Long.MAX_VALUE,
                                0L,
                                "Milliseconds since the Unix epoch: only what is later.")),
                Endpoint.get("/nodes", "The nodes that serve this presence.", nodesShape(), call -> nodes()));
    }

    private static Shape overviewShape() {
        return Shape.object(
                Shape.text("version", "The version of the server."),
                Shape.text("engine", "Where presence lives: embedded or redis."),
                Shape.flag("development", "Whether any well-formed key is a keyset."),
                Shape.flag("ready", "Whether it can serve."),
                Shape.time("now", "Its clock."),
                Shape.decimal("uptimeSeconds", "How long the process has been running."),
                Shape.maybe(Shape.object(
                        "clients",
                        "Where clients are served, on the same host.",
                        Shape.text("scheme", "http or https."),
                        Shape.number("port", "The port."))),
                Shape.maybe(Shape.text("emulator", "Where the clock is moved, if this is an emulator.")),
                Shape.number("keysets", "Keysets about which anything is known."),
                Shape.number("channels", "Channels about which anything is known."),
                Shape.number("occupants", "Pairs of a user and a channel they are present in."),
                Shape.number("polls", "Subscribes that wait."),
                Shape.number("groups", "Channel groups."),
                Shape.number("messages", "Messages kept for those who come back for them."),
                Shape.number("connections", "Open connections."),
                RATES,
                Shape.object(
                        "late",
                        "How far behind it is.",
                        Shape.decimal("clockSeconds", "What is due in the engine and not done."),
                        Shape.decimal("loopsSeconds", "The slowest event loop."),
                        Shape.decimal("timeoutsP99Seconds", "99 of 100 timeouts were late by no more.")),
                Shape.object(
                        "memory",
                        "What is held for clients, in bytes.",
                        Shape.number("used", "Now."),
                        Shape.number("budget", "At most."),
                        Shape.number("heapUsed", "Of the heap."),
                        Shape.number("heapMax", "The heap.")),
                Shape.object(
                        "eventStreams",
                        "Streams of events.",
                        Shape.number("open", "Now."),
                        Shape.number("most", "At most.")),
                Shape.texts("alerts", "What somebody should look at, a sentence each."));
    }

    private byte[] overview() {
        EngineCounts counts = parts.counts().get();
        Samples.Sample last = samples.last();
        Runtime runtime = Runtime.getRuntime();
        return JsonOut.object(json -> {
            json.text("version", BuildInfo.version());
            json.text("engine", parts.engineName());
            json.flag("development", parts.keysets().all().isEmpty());
            json.flag("ready", parts.engine().isReady());
            json.time("now", parts.time().epochMillis());
            json.decimal("uptimeSeconds", ManagementFactory.getRuntimeMXBean().getUptime() / 1e3);
            ClientPort at = clients;
            if (at != null) {
                json.object("clients", one -> one.text("scheme", at.scheme()).number("port", at.port()));
            }
            json.text("emulator", emulator);
            json.number("keysets", counts.keysets());
            write(json, counts);
            json.number("groups", counts.groups());
            json.number("messages", counts.messages());
            json.number("connections", parts.metrics().connections());
            write(json, last == null ? Totals.Rates.NONE : last.rates());
            json.object(
                    "late",
                    late -> late.decimal("clockSeconds", parts.vitals().clockLagSeconds())
                            .decimal("loopsSeconds", parts.vitals().loopLagSeconds())
                            .decimal("timeoutsP99Seconds", parts.metrics().latenessSeconds(0.99)));
            json.object(
                    "memory",
                    memory -> memory.number("used", parts.memory().used())
                            .number("budget", parts.memory().limit())
                            .number("heapUsed", runtime.totalMemory() - runtime.freeMemory())
                            .number("heapMax", runtime.maxMemory()));
            json.object(
                    "eventStreams",
                    streams -> streams.number("open", events.open()).number("most", EventRoutes.MOST_STREAMS));
            json.texts("alerts", alerts());
        });
    }

    private static void write(JsonOut json, EngineCounts counts) {
        json.number("channels", counts.channels());
        json.number("occupants", counts.occupants());
        json.number("polls", counts.polls());
    }

    private static void write(JsonOut json, Totals.Rates rates) {
        json.object(
                "perSecond",
                one -> one.decimal("joins", rates.joins())
                        .decimal("leaves", rates.leaves())
                        .decimal("timeouts", rates.timeouts())
                        .decimal("requests", rates.requests())
                        .decimal("deliveries", rates.deliveries())
                        .decimal("refused", rates.refused()));
    }

    private List<String> alerts() {
        List<String> alerts = new ArrayList<>();
        if (parts.metrics().isConfigRefused()) {
            alerts.add("The configuration file was refused, the last good one is in force; the log says why.");
        }
        for (MemoryKind kind : MemoryKind.values()) {
            if (parts.memory().used(kind) > NEARLY_FULL * parts.memory().limit(kind)) {
                alerts.add("The memory for " + kind.label() + " is nearly used up, see memory-budget.");
            }
        }
        if (parts.memory().used() > NEARLY_FULL * parts.memory().limit()) {
            alerts.add("The memory-budget is nearly used up.");
        }
        double clock = parts.vitals().clockLagSeconds();
        if (clock > BEHIND_SECONDS) {
            alerts.add(String.format(Locale.ROOT, "The engine is %.1f s behind: timeouts are late.", clock));
        }
        double snapshot = parts.vitals().snapshotAgeSeconds();
        if (parts.vitals().isSnapshotTooOld()) {
            alerts.add(String.format(
                    Locale.ROOT,
                    "Presence was kept last %.0f s ago: after a crash what changed since then would be lost.",
                    snapshot));
        }
        alerts.addAll(parts.vitals().alarms());
        long untracked = parts.metrics().untrackedCount();
        if (untracked > 0) {
            alerts.add(untracked + " joins were to channels that no rule tracks; the log names the channels.");
        }
        return alerts;
    }

    private static Shape samplesShape() {
        return Shape.object(
                Shape.number("periodMillis", "The time between two."),
                Shape.list(
                        "samples",
                        "In order of time.",
                        Shape.time("at", "When."),
                        Shape.number("atMillis", "The same in milliseconds since the Unix epoch, for since."),
                        Shape.number("channels", "Channels about which anything was known."),
                        Shape.number("occupants", "Pairs of a user and a channel."),
                        Shape.number("polls", "Subscribes that waited."),
                        Shape.number("connections", "Connections that were open."),
                        RATES,
                        Shape.decimal("clockLagSeconds", "How far the engine was behind."),
                        Shape.number("heapUsed", "Bytes of the heap in use.")));
    }

    private byte[] samples(long since) {
        return JsonOut.object(json -> json.number("periodMillis", 1000)
                .list(
                        "samples",
                        samples.since(since),
                        sample -> json.item(one -> {
                            one.time("at", sample.atMillis());
                            one.number("atMillis", sample.atMillis());
                            write(one, sample.counts());
                            one.number("connections", sample.connections());
                            write(one, sample.rates());
                            one.decimal("clockLagSeconds", sample.clockLagSeconds());
                            one.number("heapUsed", sample.heapBytes());
                        })));
    }

    private static Shape nodesShape() {
        return Shape.object(
                Shape.list(
                        "nodes",
                        "Those that are known.",
                        Shape.maybe(Shape.text("name", "Its name, where there may be several.")),
                        Shape.flag("self", "Whether it is the one that answers."),
                        Shape.text("version", "Its version."),
                        Shape.decimal("uptimeSeconds", "How long its process has been running."),
                        Shape.number("polls", "Subscribes that wait there."),
                        Shape.number("connections", "Connections that are open there.")),
                Shape.flag("partial", "Whether there may be others, of which this one does not know at the moment."));
    }

    private CompletionStage<byte @Nullable []> nodes() {
        return parts.engine()
                .directory()
                .nodes()
                .handle((known, failure) -> known == null ? List.<NodeView>of() : known)
                .thenApply(this::nodes);
    }

    /** Tells of the nodes that are known, and of this one what it knows best itself. */
    private byte @Nullable [] nodes(List<NodeView> known) {
        NodeView self = new NodeView(
                known.stream()
                        .filter(NodeView::isSelf)
                        .map(NodeView::name)
                        .findFirst()
                        .orElse(""),
                true,
                BuildInfo.version(),
                ManagementFactory.getRuntimeMXBean().getUptime(),
                parts.counts().get().polls(),
                parts.metrics().connections());
        List<NodeView> all = new ArrayList<>();
        all.add(self);
        known.stream().filter(node -> !node.isSelf()).forEach(all::add);
        return JsonOut.object(json -> json.list(
                        "nodes",
                        all,
                        node -> json.item(one -> {
                            if (!node.name().isEmpty()) {
                                one.text("name", node.name());
                            }
                            one.flag("self", node.isSelf())
                                    .text("version", node.version())
                                    .decimal("uptimeSeconds", node.uptimeMillis() / 1e3)
                                    .number("polls", node.polls())
                                    .number("connections", node.connections());
                        }))
                .flag(
                        "partial",
                        parts.engineName().equals("redis") && self.name().isEmpty()));
    }
}
