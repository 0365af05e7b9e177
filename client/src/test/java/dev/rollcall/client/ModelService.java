package dev.rollcall.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.rollcall.client.testing.FakeTransport;
import dev.rollcall.client.testing.FakeTransport.Sent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * A service as the protocol has it, for one user, behind a network that delays, cuts and refuses by chance. Everything happens on the clock of
 * the transport, so a seed gives one run.
 */
final class ModelService {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final long START = 17_000_000_000_000_000L;

    private static final long LEASE_NANOS = Duration.ofSeconds(300).toNanos();

    private final Map<String, Long> leases = new HashMap<>();
    final Map<String, JsonNode> states = new HashMap<>();
    String validToken = "t0";

    /** How much of what is sent goes wrong, of a hundred. */
    int trouble;

    private final FakeTransport transport;
    private final Random random;
    private final List<Published> feed = new ArrayList<>();
    private final List<Sent> held = new ArrayList<>();

    private record Published(long timetoken, String channel, String json) {}

    ModelService(FakeTransport transport, Random random) {
        this.transport = transport;
        this.random = random;
        transport.onSend(this::sent);
    }

    /** Returns where the user is; who gave no sign of life for the whole lease is gone. */
    Set<String> present() {
        long now = transport.scheduler().nanoTime();
        leases.entrySet().removeIf(lease -> now - lease.getValue() > LEASE_NANOS);
        states.keySet().retainAll(leases.keySet());
        return new TreeSet<>(leases.keySet());
    }

    private void after(int maxMillis, Runnable task) {
        transport.scheduler().schedule(Duration.ofMillis(1 + random.nextInt(maxMillis)), task);
    }

    private void sent(Sent sent) {
        boolean slow = random.nextInt(100) < trouble;
        after(slow ? 3_000 : 20, () -> arrived(sent));
    }

    private void arrived(Sent sent) {
        if (!sent.isOpen()) {
            return; // the connection was closed before
        }
        int luck = random.nextInt(100);
        if (luck < trouble / 3) {
            sent.breaks();
            return;
        }
        if (luck < trouble * 2 / 3) {
            sent.status(503, "{\"status\":503,\"error\":true,\"message\":\"busy\"}");
            return;
        }
        String answer = process(sent);
        if (answer == null) {
            return;
        }
        boolean cut = luck < trouble;
        after(random.nextInt(100) < trouble ? 4_000 : 20, () -> {
            if (cut) {
                sent.breaks();
            } else if (answer.startsWith("403")) {
                sent.status(403, answer.substring(3));
            } else {
                sent.ok(answer);
            }
        });
    }

    /** Returns the answer, with 403 in front of a refusal; null if there is none yet. */
    private String process(Sent sent) {
        Map<String, String> query = sent.query();
        if (!validToken.equals(query.get("auth"))) {
            return "403{\"status\":403,\"error\":true,\"message\":\"Token is expired.\",\"service\":\"Access Manager\"}";
        }
        List<String> channels = channels(sent);
        if (sent.isHandshake()) {
            signOfLife(channels, query);
            return "{\"t\":{\"t\":\"" + now() + "\",\"r\":1},\"m\":[]}";
        }
        if (sent.isPoll()) {
            signOfLife(channels, Map.of());
            held.add(sent);
            answer(sent);
            return null;
        }
        if (sent.isHeartbeat()) {
            signOfLife(channels, query);
            return FakeTransport.OK;
        }
        if (sent.isLeave()) {
            channels.forEach(name -> {
                leases.remove(name);
                states.remove(name);
            });
            return FakeTransport.OK;
        }
        JsonNode state = json(query.get("state"));
        channels.forEach(name -> states.put(name, state));
        return "{\"status\":200,\"payload\":" + state + "}";
    }

    private void signOfLife(List<String> channels, Map<String, String> query) {
        long now = transport.scheduler().nanoTime();
        present();
        channels.stream().filter(name -> !name.endsWith("-pnpres")).forEach(name -> leases.put(name, now));
        if (query.containsKey("state")) {
            json(query.get("state")).forEachEntry(states::put);
        }
    }

    private static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> channels(Sent sent) {
        String[] parts = sent.path().split("/");
        String names = sent.isPoll() ? parts[4] : parts[6];
        return Arrays.stream(names.split(",")).filter(name -> !name.isEmpty()).toList();
    }

    private long now() {
        return START + feed.size();
    }

    void publish(String channel, String json) {
        feed.add(new Published(now() + 1, channel, json));
        held.removeIf(poll -> !poll.isOpen());
        List.copyOf(held).forEach(this::answer);
    }

    private void answer(Sent poll) {
        long cursor = Long.parseLong(poll.query().get("tt"));
        List<String> names = channels(poll);
        List<Published> due = feed.stream()
                .filter(each -> each.timetoken() > cursor && names.contains(each.channel()))
                .toList();
        if (due.isEmpty() || !held.remove(poll)) {
            return;
        }
        List<String> envelopes = new ArrayList<>();
        due.forEach(each -> envelopes.add(FakeTransport.message(each.channel(), "" + each.timetoken(), each.json())));
        String body = "{\"t\":{\"t\":\"" + due.get(due.size() - 1).timetoken() + "\",\"r\":1},\"m\":["
                + String.join(",", envelopes) + "]}";
        boolean cut = random.nextInt(100) < trouble;
        after(cut ? 2_000 : 10, () -> {
            if (cut) {
                poll.breaks();
            } else {
                poll.ok(body);
            }
        });
    }
}
