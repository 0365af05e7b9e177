package dev.rollcall.engine.redis;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.directory.NodeView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes of the service: each says every few seconds that it is there, and is forgotten when it has not for a while. Nodes of versions
 * that say nothing are not among them. Safe from any thread, but for {@link #maintain}.
 */
final class ServiceNodes {
    private static final int PERIOD_SECONDS = 5;

    /** How long a node is remembered: it may miss one word or two. */
    private static final long MEMORY_MILLIS = 20_000;

    private static final int MOST_NODES = 1000;
    private static final Logger log = LoggerFactory.getLogger(ServiceNodes.class);

    private final Scripts scripts;
    private final Names names;
    private final String node;
    private final EngineTime time;
    private final IntSupplier polls;
    private final long startedAt;
    private volatile @Nullable Self self;
    private int seconds;

    /** Makes the list as a node sees it that has {@code polls} waiting, asked on the thread of {@link #maintain}. */
    ServiceNodes(Store store, String node, EngineTime time, IntSupplier polls) {
        scripts = store.scripts();
        names = store.names();
        this.node = node;
        this.time = time;
        this.polls = polls;
        startedAt = time.monotonicMillis();
    }

    /** What a node says of itself that its engine does not know. */
    private record Self(String version, LongSupplier connections) {}

    /** Has this node say that it is there; before, it says nothing. */
    void announce(String version, LongSupplier connections) {
        self = new Self(version, connections);
    }

    /** Says that this node is there, every few seconds. To be called every second or so, on the hub's thread. */
    void maintain() {
        Self known = self;
        if (known != null && seconds++ % PERIOD_SECONDS == 0) {
            long uptime = time.monotonicMillis() - startedAt;
            say(uptime + " " + polls.getAsInt() + ' ' + known.connections.getAsLong() + ' ' + known.version);
        }
    }

    /** Says that this node goes. */
    CompletableFuture<Void> leave() {
        return self == null ? CompletableFuture.completedFuture(null) : say("");
    }

    private CompletableFuture<Void> say(String text) {
        return call(node, text).handle((done, failure) -> {
            if (failure != null) {
                log.debug("the node could not say that it is there", failure);
            }
            return null;
        });
    }

    private CompletableFuture<Reply> call(String name, String text) {
        return scripts.list(
                Script.NODES, names.nodes(), name, text, Long.toString(MEMORY_MILLIS), Integer.toString(MOST_NODES));
    }

    /** Returns the nodes that have said of late that they are there, the one that has been so for longest first. */
    CompletableFuture<List<NodeView>> list() {
        return call("", "").thenApply(reply -> {
            List<NodeView> views = new ArrayList<>();
            for (int i = 1; i + 2 < reply.size(); i += 3) {
                NodeView view = view(reply.text(i), reply.number(0) - reply.number(i + 1), reply.text(i + 2));
                if (view != null) {
                    views.add(view);
                }
            }
            views.sort(NodeView.ORDER);
            return views;
        });
    }

    /** Reads what a node said {@code ago} milliseconds ago; null where that is no such thing. */
    private @Nullable NodeView view(String name, long ago, String text) {
        // A later version may say more.
        String[] words = text.split(" ", -1);
        try {
            return new NodeView(
                    name,
                    name.equals(node),
                    words[3],
                    Long.parseLong(words[0]) + Math.max(0, ago),
                    Long.parseLong(words[1]),
                    Long.parseLong(words[2]));
        } catch (RuntimeException e) {
            log.debug("unreadable node name={}", name, e);
            return null;
        }
    }
}
