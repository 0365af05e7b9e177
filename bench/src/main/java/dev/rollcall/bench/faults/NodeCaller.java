package dev.rollcall.bench.faults;

import dev.rollcall.bench.load.Answer;
import dev.rollcall.bench.load.HttpCaller;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Calls one node after the other, at random, as clients behind a load balancer do; goes on at another when one is gone. One thread only, but for {@link #hangUp}. */
final class NodeCaller implements AutoCloseable {
    private final List<InetSocketAddress> nodes;
    private final @Nullable HttpCaller[] callers;
    private volatile @Nullable HttpCaller asking;

    NodeCaller(List<InetSocketAddress> nodes) {
        this.nodes = nodes;
        callers = new HttpCaller[nodes.size()];
    }

    /** Returns the body of the answer of any node, or null if there was none or a refusal. */
    @Nullable
    String call(byte[] request) {
        return call(ThreadLocalRandom.current().nextInt(callers.length), request);
    }

    /** Returns the body of the answer of one node, or null if there was none or a refusal. */
    @Nullable
    String call(int node, byte[] request) {
        try {
            HttpCaller caller = callers[node];
            if (caller == null) {
                caller = new HttpCaller(nodes.get(node));
                callers[node] = caller;
            }
            asking = caller;
            Answer answer = caller.call(request);
            return answer.status == 200 ? answer.body() : null;
        } catch (IOException e) {
            forget(node);
            return null;
        }
    }

    /** Closes the connection under a call that waits, which then has no answer. Safe from any thread. */
    void hangUp() {
        HttpCaller caller = asking;
        if (caller != null) {
            try {
                caller.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void forget(int node) {
        HttpCaller caller = callers[node];
        callers[node] = null;
        if (caller != null) {
            try {
                caller.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        for (int node = 0; node < callers.length; node++) {
            forget(node);
        }
    }
}
