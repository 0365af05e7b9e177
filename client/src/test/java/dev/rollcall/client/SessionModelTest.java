package dev.rollcall.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.rollcall.client.call.PresenceCall;
import dev.rollcall.client.testing.FakeTransport;
import dev.rollcall.protocol.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Random orders of everything a user can do, against a service behind a bad network: in the end the service and the client agree, each message
 * came once and in order, and each future has ended. {@code -Drollcall.seeds=10000} for many runs, {@code -Drollcall.seed=7} for one.
 */
class SessionModelTest {
    private static final List<String> NAMES = List.of("a", "b", "c", "d");
    private static final String ALWAYS = "always";

    @Test
    void clientAndService_agreeInTheEnd() {
        Integer one = Integer.getInteger("rollcall.seed");
        int first = one == null ? 0 : one;
        int seeds = one == null ? Integer.getInteger("rollcall.seeds", 300) : 1;
        for (int seed = first; seed < first + seeds; seed++) {
            new Run(seed).play();
        }
    }

    /** One run. */
    private static final class Run {
        private final int seed;
        private final Random random;
        private final FakeTransport transport = new FakeTransport();
        private final ModelService service;
        private final RollcallClient client;
        private final List<String> heardAlways = new ArrayList<>();
        private final Set<String> heard = new TreeSet<>();
        private final List<CompletableFuture<?>> futures = new ArrayList<>();
        private final Set<String> subscribed = new TreeSet<>();
        private final Set<String> kept = new TreeSet<>();
        private final Map<String, JsonNode> wanted = new HashMap<>();
        private final List<String> script = new ArrayList<>();
        private int published;
        private int publishedAlways;
        private int tokens;

        Run(int seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.service = new ModelService(transport, random);
            ClientConfig.Builder config = ClientConfig.builder("demo", "me").token("t0");
            if (seed % 10 == 7) {
                // Leaves room for two or three names in an address, so that they are spread over several polls.
                config.filterExpression("x".repeat(Limits.URI_BYTES - 480));
            }
            this.client = RollcallClient.create(config.build(), transport, random::nextDouble);
            client.onMessage(event -> {
                String text = event.channel() + ":" + event.payload();
                if (event.channel().equals(ALWAYS)) {
                    heardAlways.add(text);
                } else {
                    assertThat(heard.add(text))
                            .as("seed %s heard twice: %s", seed, text)
                            .isTrue();
                }
            });
        }

        private String any() {
            return NAMES.get(random.nextInt(NAMES.size()));
        }

        private void passes(int maxMillis) {
            transport.scheduler().advance(Duration.ofMillis(random.nextInt(maxMillis)));
        }

        void play() {
            subscribe(ALWAYS);
            transport.scheduler().advance(Duration.ofSeconds(1));
            for (int i = 0; i < 60; i++) {
                step();
                if (random.nextInt(3) > 0) {
                    passes(random.nextInt(10) == 0 ? 200_000 : 300);
                }
            }
            service.trouble = 0;
            newToken();
            client.reconnect();
            transport.scheduler().advance(Duration.ofMinutes(15));
            check();
            close();
        }

        private void step() {
            switch (random.nextInt(14)) {
                case 0, 1, 2 -> subscribe(any());
                case 3, 4 -> unsubscribe(any());
                case 5, 6, 7 -> setState(random.nextInt(5) == 0 ? ALWAYS : any());
                case 8 -> service.trouble = random.nextBoolean() ? 0 : random.nextInt(60);
                case 9 -> newToken();
                case 10 -> keep(any(), random.nextBoolean());
                case 11 -> {
                    script.add("wake or reconnect");
                    if (random.nextInt(3) == 0) {
                        client.disconnect();
                        passes(1000);
                        client.reconnect();
                    } else {
                        transport.wake();
                    }
                }
                default -> publish(random.nextBoolean() ? ALWAYS : any());
            }
        }

        private void subscribe(String name) {
            script.add("subscribe " + name);
            var call = client.subscribe().channels(name);
            futures.add((random.nextBoolean() ? call.withPresence() : call).future());
            subscribed.add(name);
        }

        private void unsubscribe(String name) {
            script.add("unsubscribe " + name);
            futures.add(client.unsubscribe().channels(name).future());
            if (subscribed.remove(name) && !kept.contains(name)) {
                wanted.remove(name);
            }
        }

        private void keep(String name, boolean present) {
            script.add("keep " + name + " " + present);
            PresenceCall call = client.presence().channels(name).connected(present);
            futures.add(call.future());
            if (present) {
                kept.add(name);
            } else if (kept.remove(name) && !subscribed.contains(name)) {
                wanted.remove(name);
            }
        }

        private void setState(String name) {
            script.add("state " + name);
            Map<String, Integer> state = Map.of("n", random.nextInt(1000));
            boolean here = subscribed.contains(name) || kept.contains(name);
            JsonNode before = wanted.get(name);
            JsonNode now = new JsonMapper().valueToTree(state);
            if (here) {
                wanted.put(name, now);
            }
            CompletableFuture<?> call =
                    client.setState().channels(name).state(state).future();
            futures.add(call);
            call.whenComplete((done, failure) -> {
                // Refused by the service, and nothing else was wanted since: what was before holds.
                if (failure instanceof RollcallException e && e.isOfService() && wanted.get(name) == now) {
                    refused.add(now);
                    wanted.compute(name, (same, current) -> accepted.get(name));
                } else if (failure == null && here) {
                    accepted.put(name, now);
                }
            });
            if (before == null) {
                accepted.remove(name);
            }
        }

        private final Map<String, JsonNode> accepted = new HashMap<>();
        private final List<JsonNode> refused = new ArrayList<>();

        private void newToken() {
            script.add("token");
            String token = "t" + ++tokens;
            if (random.nextBoolean()) {
                client.token(token);
                passes(50);
                service.validToken = token;
                client.token(token);
            } else {
                service.validToken = token;
                passes(5000);
                client.token(token);
            }
        }

        private void publish(String channel) {
            String json = "\"m" + published++ + "\"";
            if (channel.equals(ALWAYS)) {
                publishedAlways++;
            }
            service.publish(channel, json);
        }

        private void check() {
            Set<String> here = new TreeSet<>(subscribed);
            here.addAll(kept);
            assertThat(client.subscribedChannels()).as("seed %s", seed).containsExactlyInAnyOrderElementsOf(subscribed);
            assertThat(service.present()).as("seed %s after %s", seed, script).isEqualTo(here);
            assertThat(heardAlways).as("seed %s", seed).hasSize(publishedAlways).doesNotHaveDuplicates();
            assertThat(heardAlways.stream().map(text -> Integer.parseInt(text.replaceAll("\\D", ""))))
                    .as("seed %s in order", seed)
                    .isSorted();
            wanted.forEach((name, state) -> {
                if (state != null) {
                    assertThat(service.states.get(name))
                            .as("seed %s state of %s after %s", seed, name, script)
                            .isEqualTo(state);
                }
            });
        }

        private void close() {
            CompletableFuture<?> closed = client.closeAsync();
            transport.scheduler().advance(Duration.ofSeconds(3));
            assertThat(closed).as("seed %s", seed).isCompleted();
            assertThat(service.present()).as("seed %s after close", seed).isEmpty();
            assertThat(futures).as("seed %s", seed).allMatch(CompletableFuture::isDone);
            assertThat(transport.sent()).as("seed %s", seed).noneMatch(FakeTransport.Sent::isOpen);
            int sent = transport.sent().size();
            transport.scheduler().advance(Duration.ofMinutes(10));
            assertThat(transport.sent()).as("seed %s is silent", seed).hasSize(sent);
        }
    }
}
