package dev.rollcall.server.access;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.protocol.UserId;
import dev.rollcall.server.access.Refusal.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A poll that waits ends, for each reason that takes its ground away, and for no other one. */
class StandingTest extends AccessFixture {
    private static final String ROOM = "{\"resources\":{\"channels\":{\"room\":1}}}";

    /** A poll for {@code room}, let in and waiting. */
    private final class Waiting {
        final List<Refusal> refusals = new ArrayList<>();
        final Decision decision;
        final Runnable end;

        Waiting(@Nullable String credential, @Nullable SignedRequest signed) {
            AccessRequest request = new AccessRequest(
                    KEY, Operation.SUBSCRIBE, channels("room"), List.of(), new UserId("u"), credential, signed);
            decision = access.decide(request);
            assertThat(decision.refusal()).isNull();
            end = access.whenGone(request, decision, refusals::add);
        }

        void assertWaits() {
            assertThat(refusals).isEmpty();
        }

        void assertEnded(Reason reason) {
            assertThat(refusals).containsExactly(new Refusal(reason, channels("room"), List.of()));
        }
    }

    private Waiting with(String credential) {
        return new Waiting(credential, null);
    }

    private Waiting signed() {
        return new Waiting(null, signed("GET", "/v2/subscribe/sub/room/0", Map.of("uuid", "u"), ""));
    }

    private void grant(Map<String, String> parameters) {
        KeyGrantRequest request = new KeyGrantRequest(
                parameters.containsKey("channel") ? List.of(requireNonNull(parameters.get("channel"))) : List.of(),
                List.of(),
                List.of(),
                parameters.containsKey("auth") ? List.of(requireNonNull(parameters.get("auth"))) : List.of(),
                KeyGrantRequest.maskOf(letter -> "1".equals(parameters.get(letter))),
                Integer.parseInt(parameters.getOrDefault("ttl", "60")));
        access.keyGrants()
                .grant(KEY, request, signed("GET", "/v2/auth/grant/sub-key/sub", parameters, ""))
                .toCompletableFuture()
                .join();
    }

    @Test
    void tokenRevoked() {
        String token = token(ROOM);
        Waiting ends = with(token);
        Waiting also = with(token.replace("=", ""));
        Waiting gone = with(token);
        gone.end.run();
        gone.end.run();
        Waiting other = with(token(ROOM));
        revoke(token);
        ends.assertEnded(Reason.TOKEN_REVOKED);
        also.assertEnded(Reason.TOKEN_REVOKED);
        gone.assertWaits();
        other.assertWaits();
        revoke(token);
        ends.assertEnded(Reason.TOKEN_REVOKED);
        assertThat(access.watchedPolls()).isEqualTo(1);
    }

    @Test
    void tokenRevoked_whateverSignatureStandsBesideIt() {
        String token = token(ROOM);
        String bogus = "timestamp=" + now() + "&signature=v2.bogus";
        Waiting one = new Waiting(token, parts("GET", "/v2/subscribe/sub/room/0?signature=x", ""));
        Waiting other = new Waiting(token, parts("GET", "/v2/subscribe/sub/room/0?" + bogus, ""));
        revoke(token);
        one.assertEnded(Reason.TOKEN_REVOKED);
        other.assertEnded(Reason.TOKEN_REVOKED);
    }

    @Test
    void tokenRevoked_doesNotEndWhoIsSigned() {
        String token = token(ROOM);
        Waiting signed = new Waiting(token, signed("GET", "/v2/subscribe/sub/room/0", Map.of("auth", token), ""));
        assertThat(signed.decision.ground()).isEqualTo(Decision.Ground.SIGNATURE);
        revoke(token);
        signed.assertWaits();
    }

    @Test
    void tokenRevoked_betweenDecisionAndWaiting() {
        String token = token(ROOM);
        AccessRequest request = new AccessRequest(KEY, Operation.SUBSCRIBE, channels("room"), List.of(), null, token);
        Decision decision = access.decide(request);
        revoke(token);
        List<Refusal> refusals = new ArrayList<>();
        access.whenGone(request, decision, refusals::add);
        assertThat(refusals).hasSize(1);
        assertThat(access.watchedPolls()).isZero();
    }

    @Test
    void tokenExpires() {
        Waiting ends = with(granted("{\"ttl\":1,\"permissions\":" + ROOM + "}"));
        Waiting other = with(token(ROOM));
        time.advance(Duration.ofSeconds(59));
        access.advance();
        ends.assertWaits();
        time.advance(Duration.ofSeconds(1));
        access.advance();
        ends.assertEnded(Reason.TOKEN_EXPIRED);
        other.assertWaits();
    }

    @Test
    void grantTakenBack_ofAKeyOfEverybodyAndOfTheKeyset() {
        grant(Map.of("channel", "room", "auth", "k", "r", "1"));
        grant(Map.of("channel", "room", "auth", "k2", "r", "1"));
        Waiting key = with("k");
        Waiting other = with("k2");
        grant(Map.of("channel", "room", "auth", "k", "w", "1"));
        key.assertEnded(Reason.FORBIDDEN);
        other.assertWaits();

        grant(Map.of("channel", "room", "r", "1"));
        Waiting everybody = new Waiting(null, null);
        Waiting token = with(token("{\"resources\":{\"channels\":{\"other\":1}}}"));
        grant(Map.of("channel", "room"));
        everybody.assertEnded(Reason.FORBIDDEN);
        token.assertEnded(Reason.FORBIDDEN);
        other.assertWaits();

        grant(Map.of("r", "1"));
        Waiting keyset = new Waiting(null, null);
        grant(Map.of("r", "0"));
        keyset.assertEnded(Reason.FORBIDDEN);
        other.assertWaits();
    }

    @Test
    void grantOnAWildcardTakenBack() {
        store.put(new KeyGrant(new GrantKey(KEY, GrantKey.Kind.KEYSET, "", ""), 0, 0));
        grant(Map.of("channel", "a.*", "auth", "k", "r", "1"));
        AccessRequest request = new AccessRequest(KEY, Operation.SUBSCRIBE, channels("a.b"), List.of(), null, "k");
        List<Refusal> refusals = new ArrayList<>();
        access.whenGone(request, access.decide(request), refusals::add);
        grant(Map.of("channel", "a.*", "auth", "k"));
        assertThat(refusals).hasSize(1);
    }

    @Test
    void grantExpires_andOneThatWasShortened() {
        grant(Map.of("channel", "room", "auth", "k", "r", "1", "ttl", "1"));
        Waiting ends = with("k");
        grant(Map.of("channel", "room", "auth", "k2", "r", "1", "ttl", "0"));
        Waiting shortened = with("k2");
        grant(Map.of("channel", "room", "auth", "k2", "r", "1", "ttl", "2"));
        shortened.assertWaits();
        time.advance(Duration.ofSeconds(60));
        access.advance();
        ends.assertEnded(Reason.FORBIDDEN);
        shortened.assertWaits();
        time.advance(Duration.ofSeconds(60));
        access.advance();
        shortened.assertEnded(Reason.FORBIDDEN);
    }

    @Test
    void anotherGroundCarriesThePoll() {
        grant(Map.of("channel", "room", "auth", "k", "r", "1", "ttl", "1"));
        Waiting waits = with("k");
        grant(Map.of("channel", "room", "r", "1", "ttl", "2"));
        time.advance(Duration.ofSeconds(60));
        access.advance();
        waits.assertWaits();
        time.advance(Duration.ofSeconds(60));
        access.advance();
        waits.assertEnded(Reason.FORBIDDEN);
    }

    @Test
    void secretKeyChanged() {
        Waiting token = with(token(ROOM));
        Waiting signed = signed();
        grant(Map.of("channel", "room", "auth", "k", "r", "1"));
        Waiting key = with("k");
        keysets.replace(AccessKeyset.of(KEY, "pub", "sec-another-secret-key"));
        token.assertEnded(Reason.FORBIDDEN);
        signed.assertEnded(Reason.FORBIDDEN);
        key.assertWaits();
    }

    @Test
    void signedPollOutlivesTheAgeOfItsSignature() {
        Waiting signed = signed();
        grant(Map.of("channel", "room", "r", "1"));
        time.advance(Duration.ofSeconds(200));
        grant(Map.of("channel", "room"));
        access.advance();
        signed.assertWaits();
    }

    @Test
    void accessManagerSwitchedOnAndOff() {
        keysets.replace(null);
        Waiting stranger = new Waiting(null, null);
        assertThat(stranger.decision.ground()).isEqualTo(Decision.Ground.OPEN);
        keysets.replace(keyset);
        stranger.assertEnded(Reason.FORBIDDEN);

        String token = token(ROOM);
        Waiting waits = with(token);
        keysets.replace(null);
        waits.assertWaits();
        keysets.replace(keyset);
        waits.assertWaits();
        // It was moved to what it stands on now.
        revoke(token);
        waits.assertEnded(Reason.TOKEN_REVOKED);
    }

    @Test
    void accessManagerSwitchedOn_betweenDecisionAndWaiting() {
        keysets.replace(null);
        AccessRequest request = new AccessRequest(KEY, Operation.SUBSCRIBE, channels("room"), List.of(), null, null);
        Decision decision = access.decide(request);
        keysets.replace(keyset);
        List<Refusal> refusals = new ArrayList<>();
        access.whenGone(request, decision, refusals::add);
        assertThat(refusals).hasSize(1);
    }

    @Test
    void keysetRemoved() {
        Waiting signed = signed();
        Waiting token = with(token(ROOM));
        keysets.remove();
        Refusal refusal = new Refusal(Reason.INVALID_SUBSCRIBE_KEY, List.of(), List.of());
        assertThat(signed.refusals).containsExactly(refusal);
        assertThat(token.refusals).containsExactly(refusal);
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.headers()).isEmpty();
        assertThat(new String(refusal.body(), StandardCharsets.UTF_8))
                .isEqualTo("{\"status\":400,\"error\":true,\"message\":\"Invalid Subscribe Key\","
                        + "\"service\":\"Access Manager\"}\n");
        assertThat(access.watchedPolls()).isZero();
    }

    @Test
    void whoeverFailsToEndDoesNotKeepTheOthers() {
        String token = token(ROOM);
        AccessRequest request = new AccessRequest(KEY, Operation.SUBSCRIBE, channels("room"), List.of(), null, token);
        AtomicInteger ended = new AtomicInteger();
        for (int i = 0; i < 10; i++) {
            int which = i;
            access.whenGone(request, access.decide(request), refusal -> {
                ended.incrementAndGet();
                if (which % 2 == 0) {
                    throw new AssertionError("on purpose");
                }
            });
        }
        revoke(token);
        assertThat(ended).hasValue(10);
        assertThat(access.watchedPolls()).isZero();
    }

    /** Polls come and go on several threads while tokens are revoked: whoever was let in before a revocation and waits after it is ended. */
    @Test
    void nobodySlipsThroughBetweenThreads() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        ExecutorService clients = Executors.newFixedThreadPool(3);
        try {
            AccessControl shared = new AccessControl(keysets, store, time::epochMillis, executor);
            for (int round = 0; round < 200; round++) {
                String token = token(ROOM);
                AccessRequest request =
                        new AccessRequest(KEY, Operation.SUBSCRIBE, channels("room"), List.of(), null, token);
                AtomicInteger letIn = new AtomicInteger();
                AtomicInteger ended = new AtomicInteger();
                CountDownLatch done = new CountDownLatch(3);
                for (int i = 0; i < 3; i++) {
                    clients.execute(() -> {
                        for (int n = 0; n < 20; n++) {
                            Decision decision = shared.decide(request);
                            if (decision.refusal() == null) {
                                letIn.incrementAndGet();
                                shared.whenGone(request, decision, refusal -> ended.incrementAndGet());
                            }
                        }
                        done.countDown();
                    });
                }
                String path = "/v3/pam/sub/grant/" + RequestSigner.encode(token);
                var reply = shared.tokenGrants().revoke(KEY, token, signed("DELETE", path, Map.of(), ""));
                reply.toCompletableFuture().get(30, TimeUnit.SECONDS);
                assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
                executor.submit(() -> {}).get(30, TimeUnit.SECONDS);
                assertThat(ended).as("round %d", round).hasValue(letIn.get());
            }
            assertThat(shared.watchedPolls()).isZero();
        } finally {
            clients.shutdownNow();
            executor.shutdownNow();
        }
    }
}
