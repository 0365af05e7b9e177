package dev.rollcall.server.route;

import dev.rollcall.engine.Client;
import dev.rollcall.protocol.InvalidValueException;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Who waits: the address, and what the SDK calls itself. There is one for each waiting poll, so it shares what it can. */
record PollClient(InetAddress from, @Nullable String agent) implements Client {
    private static final int LONGEST_AGENT = 100;

    /** Agents that were seen; there are as many as kinds and versions of SDKs, unless somebody makes them up. */
    private static final int MOST_AGENTS = 1000;

    private static final Map<String, String> AGENTS = new ConcurrentHashMap<>();

    static PollClient of(Call call) {
        String agent;
        try {
            agent = call.query.text("pnsdk");
        } catch (InvalidValueException e) {
            // Not readable, and no reason to refuse anything.
            agent = null;
        }
        return new PollClient(call.request.client(), shared(agent));
    }

    private static @Nullable String shared(@Nullable String agent) {
        if (agent == null) {
            return null;
        }
        String known = AGENTS.get(agent);
        if (known != null) {
            return known;
        }
        String shown = agent.length() > LONGEST_AGENT ? agent.substring(0, LONGEST_AGENT) : agent;
        if (AGENTS.size() >= MOST_AGENTS) {
            return shown;
        }
        String before = AGENTS.putIfAbsent(shown, shown);
        return before == null ? shown : before;
    }

    @Override
    public String address() {
        return from.getHostAddress();
    }
}
